#include "examination/feedings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace dflare {
namespace {

InputSpec fed(InputSpec input, float low, float high, std::vector<float> mean,
              std::vector<float> stddev) {
  input.low = low;
  input.high = high;
  input.mean = std::move(mean);
  input.stddev = std::move(stddev);
  return input;
}

std::vector<float> scaled(std::vector<float> values, float by) {
  for (float& value : values) value *= by;
  return values;
}

std::string text_of(const InputSpec& input) {
  std::string text = fmt::format("range: [{:g}, {:g}]", input.low, input.high);
  if (!input.mean.empty()) text += fmt::format(", mean: [{:.4g}]", fmt::join(input.mean, ", "));
  if (!input.stddev.empty()) text += fmt::format(", std: [{:.4g}]", fmt::join(input.stddev, ", "));
  return text;
}

/// What pixels 0 and 255 become in each channel, which is all that a feeding is.
std::vector<float> ends_of(const InputSpec& input, int channels) {
  std::vector<float> ends;
  for (int c = 0; c < channels; ++c) {
    const auto at = [c](const std::vector<float>& values, float otherwise) {
      if (values.empty()) return otherwise;
      return values.size() == 1 ? values[0] : values[static_cast<std::size_t>(c)];
    };
    for (const float value : {input.low, input.high})
      ends.push_back((value - at(input.mean, 0)) / at(input.stddev, 1));
  }
  return ends;
}

bool feed_alike(const InputSpec& a, const InputSpec& b, int channels) {
  const std::vector<float> x = ends_of(a, channels), y = ends_of(b, channels);
  return std::equal(x.begin(), x.end(), y.begin(), [](float p, float q) {
    return std::abs(p - q) <= 0.02F * (std::abs(p) + std::abs(q) + 0.1F);
  });
}

}  // namespace

std::vector<Feeding> other_feedings(const InputSpec& input, int channels) {
  // The likeliest first: of two that help alike, the first one is named.
  std::vector<InputSpec> tried;
  if (channels == 3)
    tried.push_back(fed(input, 0, 1, {0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}));
  for (const auto& [low, high] :
       {std::pair(0.0F, 1.0F), std::pair(0.0F, 255.0F), std::pair(-1.0F, 1.0F)})
    tried.push_back(fed(input, low, high, {}, {}));
  if (channels == 1) tried.push_back(fed(input, 0, 1, {0.1307F}, {0.3081F}));
  if (!input.mean.empty() || !input.stddev.empty()) {
    // The mean and standard deviation in grey levels, or of grey levels.
    tried.push_back(fed(input, 0, 255, input.mean, input.stddev));
    tried.push_back(fed(input, 0, 255, scaled(input.mean, 255), scaled(input.stddev, 255)));
    tried.push_back(
        fed(input, 0, 1, scaled(input.mean, 1 / 255.0F), scaled(input.stddev, 1 / 255.0F)));
    tried.push_back(fed(input, input.low, input.high, scaled(input.mean, 1 / 255.0F),
                        scaled(input.stddev, 1 / 255.0F)));
  }
  std::vector<Feeding> others;
  for (const InputSpec& one : tried) {
    const auto same = [&](const InputSpec& other) { return feed_alike(one, other, channels); };
    if (same(input)) continue;
    if (std::any_of(others.begin(), others.end(),
                    [&](const Feeding& other) { return same(other.input); }))
      continue;
    others.push_back({text_of(one), one, false});
  }
  if (channels == 3) others.push_back({"the channels in the order blue, green, red", input, true});
  return others;
}

}  // namespace dflare
