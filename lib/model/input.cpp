#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "dflare/error.hpp"
#include "dflare/model.hpp"

namespace dflare {
namespace {

void check_per_channel(const std::vector<float>& values, int channels, const char* field) {
  const std::size_t count = values.size();
  const bool count_fits =
      count <= 1 || (channels == 0 ? count == 3 : count == static_cast<std::size_t>(channels));
  if (!count_fits) {
    throw ConfigError(fmt::format(
        "input {}: {} values for {}; give one for all channels or one a channel", field, count,
        channels == 0 ? "1 or 3 channels" : fmt::format("{} channel(s)", channels)));
  }
  for (const float value : values) {
    if (!std::isfinite(value)) {
      throw ConfigError(fmt::format("input {}: {} is no finite number", field, value));
    }
  }
}

/// 0 subtracts nothing, whatever the range. Mean and range in different units are a frequent
/// mistake, with which no model works and nothing else looks wrong.
void check_mean(const std::vector<float>& means, double low, double high) {
  const double least = std::min(low, high), most = std::max(low, high);
  for (const float mean : means) {
    if (mean == 0 || (mean >= least && mean <= most)) continue;
    const bool grey_levels = most <= 1 && std::all_of(means.begin(), means.end(),
                                                      [](float m) { return m >= 0 && m <= 255; });
    throw ConfigError(fmt::format(
        "input mean: {} lies outside {} to {}, the range of the values: {}", mean, low, high,
        grey_levels ? "divide it by 255 (and std where that is in grey levels, too), or give "
                      "range: [0, 255]"
                    : "mean is subtracted after the pixels 0 to 255 became that range; give mean "
                      "or range in the unit of the other"));
  }
}

std::string size_text(const ImageSize& size) {
  return fmt::format("{} x {}", size.height, size.width);
}

}  // namespace

void InputSpec::check() const {
  if (size.height < 0 || size.width < 0 || (size.height == 0) != (size.width == 0)) {
    throw ConfigError(fmt::format(
        "input size: {} makes no sense; give a height and a width of at least 1, or neither",
        size_text(size)));
  }
  if (resize && !size.given()) {
    throw ConfigError("input resize: there is no size to resize to; give the input size too");
  }
  if (channels != 0 && channels != 1 && channels != 3) {
    throw ConfigError(fmt::format(
        "input channels: {}; expected 1 (grey), 3 (red, green, blue) or 0 (as the images are)",
        channels));
  }
  if (!std::isfinite(low) || !std::isfinite(high) || low == high) {
    throw ConfigError(fmt::format(
        "input range: low {} and high {}; expected two different finite numbers", low, high));
  }
  check_per_channel(mean, channels, "mean");
  check_mean(mean, low, high);
  check_per_channel(stddev, channels, "stddev");
  for (const float value : stddev) {
    if (value <= 0) {
      throw ConfigError(fmt::format("input stddev: {}; expected numbers above 0", value));
    }
  }
}

Image InputSpec::fit(const Image& image) const {
  if (image.empty() || image.depth() != CV_8U || (image.channels() != 1 && image.channels() != 3)) {
    throw ModelError(
        image.empty()
            ? std::string("the image is empty; expected an 8-bit image of 1 or 3 channels")
            : fmt::format("the image is {} x {} with {} channels of {} bits; expected 1 or 3 "
                          "channels of 8 bits: convert it to CV_8UC1 or CV_8UC3",
                          image.rows, image.cols, image.channels(), 8 * image.elemSize1()));
  }
  const bool right_channels = channels == 0 || image.channels() == channels;
  if (!right_channels) {
    throw ModelError(fmt::format(
        "the image has {} channel(s) ({}), the input specification wants {}; read the seed inputs "
        "as {} or set the input's channels",
        image.channels(), shape_text(image), channels,
        channels == 1 ? "grey (color: grey)" : "RGB (color: rgb)"));
  }
  if (!size.given() || size_of(image) == size) {
    return image;
  }
  if (!resize) {
    throw ModelError(fmt::format(
        "the image is {}, the input specification wants {}; set resize: true in the input "
        "specification to have images resized, or correct its size",
        shape_text(image), size_text(size)));
  }
  const bool shrinks = size.height <= image.rows && size.width <= image.cols;
  Image resized;
  cv::resize(image, resized, {size.width, size.height}, 0, 0,
             shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  return resized;
}

bool operator==(const InputSpec& a, const InputSpec& b) {
  return a.size == b.size && a.resize == b.resize && a.channels == b.channels && a.low == b.low &&
         a.high == b.high && a.mean == b.mean && a.stddev == b.stddev && a.layout == b.layout &&
         a.output == b.output;
}

}  // namespace dflare
