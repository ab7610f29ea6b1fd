#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>

#include "dflare/error.hpp"
#include "seeds/folder_entries.hpp"
#include "seeds/sources.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

void check_folder(const std::string& path) {
  boost::system::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status)) {
    throw SeedError(fmt::format("seed folder '{}' cannot be opened: {}; give a folder of images",
                                path, failed.message()));
  }
  if (!fs::is_directory(status)) {
    throw SeedError(fmt::format(
        "seed folder '{}' is a file; give the folder it is in, or open it as IDX or CIFAR-10 file",
        path));
  }
}

std::string counted(std::size_t count, const std::string& what) {
  const bool limit = count >= most_counted;
  return fmt::format("{} {}{}{}", count, limit ? "or more " : "", what, count == 1 ? "" : "s");
}

std::string are(std::size_t count) {
  return count == 1 ? "is" : "are";
}

/// "'a', 'b' and 3 more"
std::string quoted(const std::vector<std::string>& names) {
  constexpr std::size_t most_named = 5;
  const std::size_t shown = std::min(names.size(), most_named);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("{}'{}'", i == 0 ? "" : ", ", names[i]);
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

/// Many short strings in one: a vector of strings would take several times as much memory.
class Names {
 public:
  void add(const std::string& name) {
    text_ += name;
    ends_.push_back(text_.size());
  }
  std::size_t size() const { return ends_.size(); }
  std::string operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return text_.substr(begin, ends_[i] - begin);
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

class FolderSource : public SeedSource {
 public:
  FolderSource(const std::string& path, const FolderOptions& options)
      : folder_(path), name_("images of " + file_name(path)), color_(options.color) {
    check_folder(path);
    FolderEntries entries = entries_of(path);
    if (options.classes) {
      add_classes(entries, options.empty_classes);
    } else {
      add_images(entries);
    }
    if (!entries.rest.empty()) remarks_.push_back(rest_remark(entries.rest));
  }

  std::size_t size() const override { return ids_.size(); }
  std::string id(std::size_t index) const override { return ids_[index]; }
  std::optional<int> label(std::size_t index) const override {
    return labels_.empty() ? std::optional<int>() : labels_.at(index);
  }
  Image load(std::size_t index) const override {
    return read_image((folder_ / id(index)).string(), color_);
  }
  std::string name() const override { return name_; }
  std::vector<std::string> remarks() const override { return remarks_; }

 private:
  void add_images(const FolderEntries& entries) {
    for (const std::string& image : entries.images) ids_.add(image);
    const std::size_t deeper = images_in(folder_, entries.folders);
    if (ids_.size() == 0) throw SeedError(nothing_here(entries, deeper));
    if (deeper > 0) {
      remarks_.push_back(
          fmt::format("{} in sub-folders {} left out", counted(deeper, "image"), are(deeper)));
    }
  }

  /// Adds what else is in the class folders to `entries.rest`.
  void add_classes(FolderEntries& entries, bool empty_classes) {
    std::vector<std::string> empty;
    std::size_t deeper = 0, deeper_in_empty = 0, others_in_empty = 0;
    for (std::size_t label = 0; label < entries.folders.size(); ++label) {
      const std::string& folder = entries.folders[label];
      const FolderEntries inside = entries_of((folder_ / folder).string());
      for (const std::string& image : inside.images) {
        ids_.add(fmt::format("{}/{}", folder, image));
        labels_.push_back(static_cast<int>(label));
      }
      const std::size_t deeper_here = images_in(folder_ / folder, inside.folders);
      deeper += deeper_here;
      if (inside.images.empty()) {
        empty.push_back(folder);
        deeper_in_empty += deeper_here;
      }
      for (const auto& [extension, count] : inside.rest) {
        entries.rest[extension] += count;
        if (inside.images.empty()) others_in_empty += count;
      }
    }
    if (ids_.size() == 0) throw SeedError(nothing_in_classes(entries, deeper));
    if (!empty.empty() && !empty_classes) {
      throw SeedError(empty_text(empty, deeper_in_empty, others_in_empty));
    }
    if (deeper > 0) {
      remarks_.push_back(fmt::format("{} in folders inside the class folders {} left out",
                                     counted(deeper, "image"), are(deeper)));
    }
    if (!entries.images.empty()) {
      const std::size_t beside = entries.images.size();
      remarks_.push_back(fmt::format("{} beside the class folders {} left out ({})",
                                     counted(beside, "image"), are(beside),
                                     quoted(entries.images)));
    }
  }

  static std::size_t images_in(const fs::path& folder, const std::vector<std::string>& folders) {
    std::size_t images = 0;
    for (const std::string& inside : folders) images += images_within((folder / inside).string());
    return images;
  }

  std::string empty_text(const std::vector<std::string>& empty, std::size_t deeper,
                         std::size_t others) const {
    const bool one = empty.size() == 1;
    std::string instead;
    if (deeper > 0) instead += fmt::format(", but {} in folders inside", counted(deeper, "image"));
    if (others > 0) {
      instead +=
          fmt::format(", {}{} of other kinds", deeper == 0 ? "but " : "", counted(others, "file"));
    }
    return fmt::format(
        "seed folder '{}': its sub-folders are the classes, numbered in sorted order, and {} "
        "hold{} no PNG, JPEG, BMP or WebP image{}; remove what is no class, or all labels behind "
        "it are wrong, and put the images of what is one directly into its folder; where there "
        "are none, set empty_classes: true",
        folder_.string(), quoted(empty), one ? "s" : "", instead);
  }

  std::string nothing_in_classes(const FolderEntries& entries, std::size_t deeper) const {
    return fmt::format(
        "seed folder '{}' holds no PNG, JPEG, BMP or WebP image in its {}, expected one sub-folder "
        "a class; {}, or open it without classes",
        folder_.string(), counted(entries.folders.size(), "sub-folder"),
        deeper == 0 ? "give the folder above the classes"
                    : fmt::format("there {} {} a level deeper: give one of the sub-folders ({})",
                                  are(deeper), counted(deeper, "image"), quoted(entries.folders)));
  }

  std::string nothing_here(const FolderEntries& entries, std::size_t deeper) const {
    if (entries.folders.empty()) {
      return fmt::format(
          "seed folder '{}' holds no PNG, JPEG, BMP or WebP image{}; put some there, or give "
          "another folder",
          folder_.string(), entries.rest.empty() ? "" : " (" + rest_remark(entries.rest) + ")");
    }
    return fmt::format(
        "seed folder '{}' holds no PNG, JPEG, BMP or WebP image, but {} with {}; open it with "
        "sub-folders as classes (classes: true), or give one of them",
        folder_.string(), counted(entries.folders.size(), "sub-folder"), counted(deeper, "image"));
  }

  fs::path folder_;
  std::string name_;
  ColorMode color_;
  Names ids_;
  std::vector<int> labels_;
  std::vector<std::string> remarks_;
};

}  // namespace

std::shared_ptr<const SeedSource> folder_source(const std::string& path,
                                                const FolderOptions& options) {
  return std::make_shared<FolderSource>(path, options);
}

}  // namespace dflare
