#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/filesystem/operations.hpp>
#include <locale>

#include "dflare/error.hpp"
#include "seeds/sources.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

struct Entries {
  std::vector<std::string> images;
  std::vector<std::string> folders;
};

bool has_image_extension(const fs::path& path) {
  const std::string extension =
      boost::algorithm::to_lower_copy(path.extension().string(), std::locale::classic());
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" ||
         extension == ".bmp" || extension == ".webp";
}

/// Names only. A broken link counts as an image, so that the search reports it.
Entries list(const fs::path& folder) {
  Entries entries;
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (name.front() == '.') continue;
      boost::system::error_code ignored;
      if (fs::is_directory(entry.path(), ignored)) {
        entries.folders.push_back(name);
      } else if (has_image_extension(entry.path())) {
        entries.images.push_back(name);
      }
    }
  } catch (const fs::filesystem_error& error) {
    throw SeedError(fmt::format("seed folder '{}' cannot be read: {}; check its permissions",
                                folder.string(), error.code().message()));
  }
  std::sort(entries.images.begin(), entries.images.end());
  std::sort(entries.folders.begin(), entries.folders.end());
  return entries;
}

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
    const Entries entries = list(folder_);
    if (options.classes) {
      add_classes(entries);
    } else {
      for (const std::string& image : entries.images) ids_.add(image);
    }
    if (ids_.size() == 0) throw SeedError(what_is_there(entries, options));
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

 private:
  void add_classes(const Entries& entries) {
    for (std::size_t label = 0; label < entries.folders.size(); ++label) {
      const std::string& folder = entries.folders[label];
      for (const std::string& image : list(folder_ / folder).images) {
        ids_.add(fmt::format("{}/{}", folder, image));
        labels_.push_back(static_cast<int>(label));
      }
    }
  }

  std::string what_is_there(const Entries& entries, const FolderOptions& options) const {
    if (options.classes) {
      return fmt::format(
          "seed folder '{}' holds no PNG, JPEG, BMP or WebP image in its {} sub-folders, expected "
          "one sub-folder a class; give the folder above the classes, or open it without classes",
          folder_.string(), entries.folders.size());
    }
    if (entries.folders.empty()) {
      return fmt::format(
          "seed folder '{}' holds no PNG, JPEG, BMP or WebP image; put some there, or give another "
          "folder",
          folder_.string());
    }
    return fmt::format(
        "seed folder '{}' holds no PNG, JPEG, BMP or WebP image, but {} sub-folders; open it with "
        "sub-folders as classes, or give one of them",
        folder_.string(), entries.folders.size());
  }

  fs::path folder_;
  std::string name_;
  ColorMode color_;
  Names ids_;
  std::vector<int> labels_;
};

}  // namespace

std::shared_ptr<const SeedSource> folder_source(const std::string& path,
                                                const FolderOptions& options) {
  return std::make_shared<FolderSource>(path, options);
}

}  // namespace dflare
