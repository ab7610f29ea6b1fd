#include <fmt/format.h>

#include <array>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/equal_shapes.hpp"

namespace dflare {
namespace {

constexpr int max_channels = 3;
using Tables = std::array<std::array<float, 256>, max_channels>;

float per_channel(const std::vector<float>& values, int channel, float none) {
  if (values.empty()) {
    return none;
  }
  return values.size() == 1 ? values[0] : values[static_cast<std::size_t>(channel)];
}

// What each pixel value becomes in each channel, in the very steps of torchvision's ToTensor and
// Normalize (divide, subtract, divide, each rounded to single precision).
void fill_tables(const InputSpec& spec, int channels, Tables& tables) {
  for (int c = 0; c < channels; ++c) {
    const float mean = per_channel(spec.mean, c, 0);
    const float stddev = per_channel(spec.stddev, c, 1);
    for (int v = 0; v < 256; ++v) {
      const float share = static_cast<float>(v) / 255.0F;
      const float ranged = spec.low + share * (spec.high - spec.low);
      tables[static_cast<std::size_t>(c)][static_cast<std::size_t>(v)] = (ranged - mean) / stddev;
    }
  }
}

// Writes one image; where a channel's value of a pixel goes is `pixel_step` and `channel_step`
// apart from its neighbours'.
template <int channels>
void convert(const Image& image, const Tables& tables, std::size_t pixel_step,
             std::size_t channel_step, float* out) {
  for (int y = 0; y < image.rows; ++y) {
    const unsigned char* row = image.ptr(y);
    for (int x = 0; x < image.cols; ++x, out += pixel_step) {
      for (int c = 0; c < channels; ++c) {
        out[c * channel_step] = tables[c][row[x * channels + c]];
      }
    }
  }
}

bool same_conversion(const InputSpec& a, InputSpec b) {
  b.output = a.output;
  return a == b;
}

}  // namespace

void require_equal_shapes(const Image& first, const Image& image, std::size_t index) {
  if (size_of(image) != size_of(first) || image.channels() != first.channels()) {
    throw ModelError(fmt::format(
        "the images of one batch must have one shape, but image 0 is {} and image {} is {}; give "
        "the input specification a size and resize: true, and read all seed inputs as grey or all "
        "as RGB",
        shape_text(first), index, shape_text(image)));
  }
}

void ImageBatch::clear() {
  images_.clear();
  converted_ = false;
  backend_form_.reset();
}

void ImageBatch::add(const Image& image) {
  images_.push_back(image);
  converted_ = false;
  backend_form_.reset();
}

ImageBatch::Floats ImageBatch::floats(const InputSpec& spec) const {
  if (converted_ && same_conversion(spec_, spec)) {
    return shape_;
  }
  converted_ = false;
  if (images_.empty()) {
    throw ModelError("the batch has no image; add at least one before evaluating it");
  }
  const Image first = spec.fit(images_.front());
  const int channels = first.channels();
  const std::size_t wanted = static_cast<std::size_t>(channels);
  for (const auto* values : {&spec.mean, &spec.stddev}) {
    if (values->size() > 1 && values->size() != wanted) {
      throw ModelError(fmt::format(
          "the image is {}, but the input specification gives {} of {} channels; read the seed "
          "inputs with {} channels or give one value for all",
          shape_text(first), values == &spec.mean ? "a mean" : "a stddev", values->size(),
          values->size()));
    }
  }
  Tables tables;
  fill_tables(spec, channels, tables);

  const std::size_t pixels = first.total();
  floats_.resize(images_.size() * pixels * wanted);
  const bool planar = spec.layout == Layout::nchw;
  const std::size_t pixel_step = planar ? 1 : wanted;
  const std::size_t channel_step = planar ? pixels : 1;
  for (std::size_t i = 0; i < images_.size(); ++i) {
    const Image image = i == 0 ? first : spec.fit(images_[i]);
    require_equal_shapes(first, image, i);
    float* out = floats_.data() + i * pixels * wanted;
    if (channels == 1) {
      convert<1>(image, tables, pixel_step, channel_step, out);
    } else {
      convert<3>(image, tables, pixel_step, channel_step, out);
    }
  }
  shape_ = {floats_.data(), static_cast<int>(images_.size()), first.rows, first.cols, channels};
  spec_ = spec;
  converted_ = true;
  return shape_;
}

}  // namespace dflare
