#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>
#include <set>
#include <stdexcept>

#include "dflare/error.hpp"
#include "seeds/sources.hpp"
#include "support/file_kind.hpp"
#include "support/files.hpp"
#include "support/image.hpp"

namespace dflare {
namespace {

constexpr int side = 32;
constexpr int classes = 10;
constexpr std::size_t plane_bytes = std::size_t{side} * side;
constexpr std::size_t record_bytes = 1 + 3 * plane_bytes;

struct File {
  std::string name;
  std::string records;

  std::size_t size() const { return records.size() / record_bytes; }
  int label(std::size_t index) const {
    return static_cast<unsigned char>(records[index * record_bytes]);
  }
  Image image(std::size_t index) const {
    const char* planes = records.data() + index * record_bytes + 1;
    Image image(side, side, CV_8UC3);
    for (std::size_t pixel = 0; pixel < plane_bytes; ++pixel) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        image.data[3 * pixel + channel] =
            static_cast<unsigned char>(planes[channel * plane_bytes + pixel]);
      }
    }
    return image;
  }
};

File read_records(const std::string& path) {
  File file{file_name(path), read_seed_file(path)};
  if (file.records.empty() || file.records.size() % record_bytes != 0) {
    throw SeedError(fmt::format(
        "'{}' is no CIFAR-10 binary file{}: {} bytes, expected a multiple of {} (a label and 32 x "
        "32 x 3 pixels an image); check that it was copied whole and is of the binary version",
        path, seen_beside_cifar10(file.records), file.records.size(), record_bytes));
  }
  for (std::size_t i = 0; i < file.size(); ++i) {
    if (file.label(i) >= classes) {
      throw SeedError(
          fmt::format("'{}' is no CIFAR-10 binary file{}: image {} has label {}, expected 0 to {}",
                      path, seen_beside_cifar10(file.records), i, file.label(i), classes - 1));
    }
  }
  return file;
}

class Cifar10Source : public SeedSource {
 public:
  Cifar10Source(const std::vector<std::string>& paths, ColorMode color) : color_(color) {
    if (paths.empty()) throw SeedError("CIFAR-10 seeds need at least one binary file; got none");
    std::set<std::string> names;
    for (const std::string& path : paths) {
      if (!names.insert(file_name(path)).second) {
        throw SeedError(fmt::format(
            "two CIFAR-10 files are called '{}', so that their images have the same ids; give each "
            "file once, and rename one of two different ones",
            file_name(path)));
      }
      files_.push_back(read_records(path));
    }
  }

  std::size_t size() const override {
    std::size_t sum = 0;
    for (const File& file : files_) sum += file.size();
    return sum;
  }
  std::string id(std::size_t index) const override {
    const auto [file, record] = find(index);
    return files_.size() == 1 ? std::to_string(record) : fmt::format("{}:{}", file.name, record);
  }
  std::optional<int> label(std::size_t index) const override {
    const auto [file, record] = find(index);
    return file.label(record);
  }
  Image load(std::size_t index) const override {
    const auto [file, record] = find(index);
    return with_colors(file.image(record), color_);
  }
  std::string name() const override {
    const std::string& first = files_.front().name;
    if (files_.size() == 1) return "images of " + first;
    return fmt::format("images of {} and {} more", first, files_.size() - 1);
  }

 private:
  struct Place {
    const File& file;
    std::size_t record;
  };
  Place find(std::size_t index) const {
    std::size_t record = index;
    for (const File& file : files_) {
      if (record < file.size()) return {file, record};
      record -= file.size();
    }
    throw std::out_of_range("CIFAR-10 image " + std::to_string(index));
  }

  std::vector<File> files_;
  ColorMode color_;
};

}  // namespace

std::string seen_beside_cifar10(const std::string& bytes) {
  constexpr std::size_t cifar100_record = record_bytes + 1;  // two labels
  const std::string kind = seen_as(bytes);
  if (!kind.empty() || bytes.size() % cifar100_record != 0) return kind;
  return fmt::format(
      " (it is as long as {} records of {} bytes, as CIFAR-100 has: write these images to a folder "
      "with a sub-folder for each class)",
      bytes.size() / cifar100_record, cifar100_record);
}

bool looks_like_cifar10(const std::string& path) {
  const auto bytes = boost::filesystem::file_size(path);
  return bytes > 0 && bytes % record_bytes == 0;
}

std::shared_ptr<const SeedSource> cifar10_source(const std::vector<std::string>& paths,
                                                 ColorMode color) {
  return std::make_shared<Cifar10Source>(paths, color);
}

}  // namespace dflare
