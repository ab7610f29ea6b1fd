#include <fmt/format.h>

#include "dflare/error.hpp"
#include "seeds/sources.hpp"

namespace dflare {
namespace {

void check_count(const char* what, std::size_t count, std::size_t images) {
  if (count != 0 && count != images) {
    throw SeedError(fmt::format("seeds in memory: {} {} for {} images; give one each, or none",
                                count, what, images));
  }
}

void check_image(const Image& image, std::size_t index) {
  if (image.dims > 2 || image.empty() || (image.type() != CV_8UC1 && image.type() != CV_8UC3)) {
    throw SeedError(
        fmt::format("seeds in memory: image {} is {} of type {}; expected 8-bit pixels in 1 or 3 "
                    "channels (RGB)",
                    index, shape_text(image), cv::typeToString(image.type())));
  }
}

class MemorySource : public SeedSource {
 public:
  MemorySource(const std::vector<Image>& images, const std::vector<int>& labels,
               const std::vector<std::string>& ids)
      : labels_(labels), ids_(ids) {
    check_count("labels", labels.size(), images.size());
    check_count("ids", ids.size(), images.size());
    for (std::size_t i = 0; i < images.size(); ++i) {
      check_image(images[i], i);
      images_.push_back(images[i].clone());
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] < 0) {
        throw SeedError(fmt::format(
            "seeds in memory: label {} of image {} is negative; classes are numbered from 0",
            labels[i], i));
      }
    }
  }

  std::size_t size() const override { return images_.size(); }
  std::string id(std::size_t index) const override {
    return ids_.empty() ? std::to_string(index) : ids_.at(index);
  }
  std::optional<int> label(std::size_t index) const override {
    return labels_.empty() ? std::optional<int>() : labels_.at(index);
  }
  Image load(std::size_t index) const override { return images_.at(index).clone(); }
  std::string name() const override { return "images in memory"; }

 private:
  std::vector<Image> images_;
  std::vector<int> labels_;
  std::vector<std::string> ids_;
};

}  // namespace

std::shared_ptr<const SeedSource> memory_source(const std::vector<Image>& images,
                                                const std::vector<int>& labels,
                                                const std::vector<std::string>& ids) {
  return std::make_shared<MemorySource>(images, labels, ids);
}

}  // namespace dflare
