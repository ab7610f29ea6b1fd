#include "model/eight_bit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <set>
#include <vector>

#include "dflare/error.hpp"

namespace dflare {
namespace {

constexpr int pixel_values = 256;

bool says_nothing(const InputSpec& spec) {
  return spec.mean.empty() && spec.stddev.empty() && spec.low == 0 && spec.high == 1;
}

bool says_pixels(const InputSpec& spec) {
  return spec.mean.empty() && spec.stddev.empty() && spec.low == 0 && spec.high == 255;
}

double least_number(const EightBitInput& input) {
  return input.has_sign ? -128 : 0;
}

double most_number(const EightBitInput& input) {
  return least_number(input) + 255;
}

/// The values that the numbers stand for.
struct Range {
  double low, high, step;

  /// But for a step at either end.
  bool is(double wanted_low, double wanted_high) const {
    constexpr double steps = 1.01;
    return std::abs(low - wanted_low) <= steps * step &&
           std::abs(high - wanted_high) <= steps * step;
  }
};

Range range_of(const EightBitInput& input) {
  const Quantisation& q = *input.quantisation;
  return {(least_number(input) - q.zero_point) * q.scale,
          (most_number(input) - q.zero_point) * q.scale, q.scale};
}

bool is_whole(double number) {
  return std::nearbyint(number) == number;
}

// A graph that begins by making floats of pixels says a scale too, but seldom with a zero point
// that is one of the numbers.
bool prepares_pixels(const EightBitInput& input) {
  const double zero = input.quantisation->zero_point;
  return !is_whole(zero) || zero < least_number(input) || zero > most_number(input);
}

bool takes_pixels(const InputSpec& spec, const EightBitInput& input) {
  if (!input.quantisation) return true;
  if (!says_nothing(spec)) return false;
  if (prepares_pixels(input)) return true;
  const Range range = range_of(input);
  return range.is(-1, 1) || range.is(0, 255) || range.is(-128, 127);
}

// Numbers of -1 to 1 whose middle is 0 are also what a symmetric quantisation makes of 0 to 1.
bool may_be_symmetric(const EightBitInput& input) {
  return input.has_sign && input.quantisation->zero_point == 0 && range_of(input).is(-1, 1);
}

/// What an image of each pixel value becomes, by the arithmetic of ImageBatch.
std::vector<float> prepared(InputSpec spec, int channels) {
  cv::Mat ramp(1, pixel_values, CV_8UC1);
  for (int i = 0; i < pixel_values; ++i) ramp.at<unsigned char>(i) = static_cast<unsigned char>(i);
  Image image;
  cv::merge(std::vector<cv::Mat>(static_cast<std::size_t>(channels), ramp), image);
  spec.size = {};
  spec.resize = false;
  spec.channels = 0;
  spec.layout = Layout::nhwc;
  ImageBatch batch;
  batch.add(image);
  const ImageBatch::Floats floats = batch.floats(spec);
  return {floats.data, floats.data + image.total() * image.elemSize()};
}

double number_for(float value, const EightBitInput& input) {
  const Quantisation& q = *input.quantisation;
  const double zero = q.zero_point;
  const double steps = value / q.scale;  // in single precision, as TFLite and NumPy do it
  const double number =
      is_whole(zero) ? std::nearbyint(steps) + zero : std::nearbyint(steps + zero);
  return std::clamp(number, least_number(input), most_number(input));
}

std::string stands_for(const EightBitInput& input) {
  const Range range = range_of(input);
  return fmt::format(
      "its 8-bit input stands for values of {:.4g} to {:.4g} (scale {:.6g}, zero "
      "point {:g})",
      range.low, range.high, input.quantisation->scale, input.quantisation->zero_point);
}

/// How the prepared values lie in what the numbers stand for.
struct Fit {
  double below = 0, above = 0;  ///< shares that are cut off
  std::size_t numbers = 0;      ///< different ones that are left
  float low = 0, high = 0;      ///< of the values

  double cut_off() const { return below + above; }
};

Fit fit_of(const InputSpec& spec, const EightBitInput& input) {
  const bool by_channel = spec.mean.size() > 1 || spec.stddev.size() > 1;
  const std::vector<float> values = prepared(spec, by_channel ? 3 : 1);
  const Range range = range_of(input);
  Fit fit;
  std::set<double> numbers;
  for (const float value : values) {
    fit.below += value < range.low - range.step;
    fit.above += value > range.high + range.step;
    numbers.insert(number_for(value, input));
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  fit.low = *low;
  fit.high = *high;
  fit.below /= static_cast<double>(values.size());
  fit.above /= static_cast<double>(values.size());
  fit.numbers = numbers.size();
  return fit;
}

}  // namespace

void require_fitting(const InputSpec& spec, const EightBitInput& input) {
  if (!input.quantisation) {
    if (says_nothing(spec) || says_pixels(spec)) return;
    throw ModelError(
        "its input takes 8-bit numbers and does not say which values they stand for (scale and "
        "zero point), so that it is fed 8-bit pixels as they are; leave mean, std and range out of "
        "its input specification");
  }
  const bool nothing = says_nothing(spec);
  if (nothing && may_be_symmetric(input)) {
    throw ModelError(fmt::format(
        "{}, which images of 0 to 1 and of -1 to 1 may be meant by; say which in its input "
        "specification: range: [-1, 1], mean and std, or mean: 0 for 0 to 1",
        stands_for(input)));
  }
  if (takes_pixels(spec, input)) return;
  constexpr double nearly_all = 0.95, most = 0.5;
  constexpr std::size_t few = 8, half = 128;
  const Fit fit = fit_of(spec, input);
  const bool both_ends = fit.below > 0 && fit.above > 0;
  const bool cut_off = fit.cut_off() > nearly_all || (both_ends && fit.cut_off() > most);
  // A network that was calibrated on more than 0 to 1 was not fed with that.
  const bool others = nothing && fit.cut_off() == 0 && fit.numbers < half;
  if (!cut_off && !others && fit.numbers >= few) return;
  throw ModelError(fmt::format(
      "{}, but {} make images values of {:.4g} to {:.4g}, of which {:.0f} % would be cut off and "
      "{} different numbers be left; {}",
      stands_for(input),
      nothing ? "mean, std and range, which its input specification leaves out,"
              : "mean, std and range of its input specification",
      fit.low, fit.high, 100 * fit.cut_off(), fit.numbers,
      nothing ? "say what the network was trained with" : "correct them"));
}

cv::Mat bytes_for_pixels(const InputSpec& spec, const EightBitInput& input, int channels) {
  cv::Mat table(1, pixel_values, CV_8UC(channels));
  const int values = pixel_values * channels;
  if (takes_pixels(spec, input)) {
    for (int i = 0; i < values; ++i) {
      const int pixel = i / channels;
      table.data[i] = static_cast<unsigned char>(input.has_sign ? pixel - 128 : pixel);
    }
    return table;
  }
  const std::vector<float> prepared_values = prepared(spec, channels);
  for (int i = 0; i < values; ++i) {
    const double number = number_for(prepared_values[static_cast<std::size_t>(i)], input);
    table.data[i] = static_cast<unsigned char>(static_cast<int>(number));
  }
  return table;
}

}  // namespace dflare
