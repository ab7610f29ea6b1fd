#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "dflare/error.hpp"
#include "dflare/model.hpp"

namespace dflare {
namespace {

constexpr const char* way_out =
    "choose a search that needs none, with the search option path: transform or path: blend";

std::string why_no_gradients(const ModelInfo& info) {
  const std::string engine =
      info.engine.empty() ? "" : fmt::format(", int8 under the quantised engine '{}'", info.engine);
  return fmt::format("its backend ({}{}) has no gradients; {}", info.backend, engine, way_out);
}

void require_class(int wanted, int classes) {
  if (wanted < 0 || wanted >= classes) {
    throw ModelError(
        fmt::format("a gradient is asked for class {}, but the model has {} classes; give classes "
                    "from 0 to {}",
                    wanted, classes, classes - 1));
  }
}

void require_usable(const std::vector<float>& gradient, const ImageBatch::Floats& image) {
  const auto values = static_cast<std::size_t>(image.height) *
                      static_cast<std::size_t>(image.width) *
                      static_cast<std::size_t>(image.channels);
  if (gradient.size() != values) {
    throw ModelError(
        fmt::format("its backend answered a gradient of {} values; expected {} x {} x {} = {}",
                    gradient.size(), image.height, image.width, image.channels, values));
  }
  const auto odd = std::count_if(gradient.begin(), gradient.end(),
                                 [](float value) { return !std::isfinite(value); });
  if (odd > 0) {
    throw ModelError(
        fmt::format("its gradient at an image of {} x {} x {} is NaN or infinite in {} of {} "
                    "values: its scores or their derivatives are no finite numbers there; leave "
                    "the image out, or {}",
                    image.height, image.width, image.channels, odd, values, way_out));
  }
}

// How much the float input of a channel changes with its pixel.
float input_per_pixel(const InputSpec& spec, int channel) {
  const std::vector<float>& all = spec.stddev;
  const float stddev = all.empty()       ? 1
                       : all.size() == 1 ? all[0]
                                         : all[static_cast<std::size_t>(channel)];
  return (spec.high - spec.low) / 255.0F / stddev;
}

cv::Mat to_pixels(const std::vector<float>& gradient, const ImageBatch::Floats& image,
                  const InputSpec& spec) {
  const int pixels = image.height * image.width;
  const bool planar = spec.layout == Layout::nchw;
  const int pixel_step = planar ? 1 : image.channels;
  const int channel_step = planar ? pixels : 1;
  cv::Mat result(image.height, image.width, CV_MAKETYPE(CV_32F, image.channels));
  auto* out = result.ptr<float>();
  for (int c = 0; c < image.channels; ++c) {
    const float scale = input_per_pixel(spec, c);
    const float* in = gradient.data() + c * channel_step;
    for (int i = 0; i < pixels; ++i) {
      out[i * image.channels + c] = in[i * pixel_step] * scale;
    }
  }
  return result;
}

// Resizing is linear: along one axis it multiplies by this matrix, `to` x `from`.
cv::Mat resizing_matrix(int from, int to, int interpolation) {
  cv::Mat matrix;
  cv::resize(cv::Mat::eye(from, from, CV_32F), matrix, {from, to}, 0, 0, interpolation);
  return matrix;
}

// The gradient before InputSpec::fit() resized the image, with the interpolation chosen as there.
cv::Mat before_resizing(const cv::Mat& gradient, ImageSize size) {
  const bool shrinks = gradient.rows <= size.height && gradient.cols <= size.width;
  const int interpolation = shrinks ? cv::INTER_AREA : cv::INTER_LINEAR;
  const cv::Mat rows = resizing_matrix(size.height, gradient.rows, interpolation);
  const cv::Mat columns = resizing_matrix(size.width, gradient.cols, interpolation);
  std::vector<cv::Mat> channels;
  cv::split(gradient, channels);
  for (cv::Mat& channel : channels) {
    channel = rows.t() * channel * columns;
  }
  cv::Mat result;
  cv::merge(channels, result);
  return result;
}

}  // namespace

cv::Mat Model::gradient(const Image& image, int a, int b) {
  ImageBatch one;
  one.add(image);
  if (has_gradients() && classes_ == 0) {
    predict(one);  // tells the number of classes, and whether the answers are what `output` says
  }
  try {
    if (!has_gradients()) {
      throw ModelError(why_no_gradients(info_));
    }
    const ImageBatch::Floats fed = one.floats(input_);
    const int classes = std::max(classes_, 2);  // one score is one for two classes
    require_class(a, classes);
    require_class(b, classes);
    const std::vector<float> answer = input_gradient(one, a, b);
    require_usable(answer, fed);
    const cv::Mat gradient = to_pixels(answer, fed, input_);
    return gradient.size() == image.size() ? gradient : before_resizing(gradient, size_of(image));
  } catch (const std::exception& failure) {
    throw ModelError(info_.name, failure.what());
  }
}

}  // namespace dflare
