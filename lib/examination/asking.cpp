#include "examination/asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "dflare/deviation.hpp"
#include "dflare/error.hpp"

namespace dflare {
namespace {

/// In a row from the first on, which say that the model fails for all.
constexpr std::size_t kFailures = 3;

void keep(const Scores& from, int row, Asked& into, std::size_t i) {
  if (into.scores.classes() == 0)
    into.scores.resize(static_cast<int>(into.known.size()), from.classes());
  if (into.scores.classes() != from.classes()) {
    throw ModelError(fmt::format(
        "answered {} classes, but {} to another image; a classifier must always answer the same "
        "number of classes",
        from.classes(), into.scores.classes()));
  }
  std::copy_n(from.row(row), from.classes(), into.scores.row(static_cast<int>(i)));
  into.known[i] = from.finite(row);
}

void ask_one_by_one(Model& model, const std::vector<Image>& images, std::size_t begin,
                    std::size_t end, Asked& asked) {
  Scores alone;
  for (std::size_t i = begin; i < end; ++i) {
    try {
      model.answers(ImageBatch(std::vector<Image>{images[i]}), alone);
    } catch (const ModelError&) {
      // Which images it fails for is for the search to say.
      if (i + 1 >= std::min(kFailures, images.size()) && asked.scores.classes() == 0) throw;
      continue;
    }
    keep(alone, 0, asked, i);
  }
}

bool same_shape(const Image& a, const Image& b) {
  return a.size() == b.size() && a.type() == b.type();
}

}  // namespace

std::size_t Asked::count_known() const {
  return static_cast<std::size_t>(std::count(known.begin(), known.end(), true));
}

Asked ask(Model& model, const std::vector<Image>& images) {
  Asked asked;
  asked.known.assign(images.size(), false);
  Scores together;
  for (std::size_t begin = 0, end = 0; begin < images.size(); begin = end) {
    ImageBatch batch;
    for (; end < images.size() && same_shape(images[begin], images[end]); ++end)
      batch.add(images[end]);
    try {
      model.answers(batch, together);
    } catch (const ModelError&) {
      if (end - begin == 1 && images.size() == 1) throw;
      ask_one_by_one(model, images, begin, end, asked);
      continue;
    }
    for (std::size_t i = begin; i < end; ++i) keep(together, static_cast<int>(i - begin), asked, i);
  }
  if (asked.count_known() == 0) {
    throw ModelError(
        model.info().name,
        fmt::format(
            "answered scores that are not finite (NaN or infinity) to each of {} images; see how "
            "it was made: its weights may be damaged, or a number format may have overflowed",
            images.size()));
  }
  return asked;
}

std::vector<int> labels_of(const Asked& asked, std::size_t count) {
  std::vector<int> labels;
  for (std::size_t i = 0; i < count; ++i) {
    const ScoreRow row{asked.scores.row(static_cast<int>(i)), asked.scores.classes()};
    labels.push_back(asked.known[i] ? top_label(row) : -1);
  }
  return labels;
}

Range range_of(const Asked& asked) {
  Range range{std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()};
  for (std::size_t i = 0; i < asked.known.size(); ++i) {
    if (!asked.known[i]) continue;
    const float* row = asked.scores.row(static_cast<int>(i));
    const auto [low, high] = std::minmax_element(row, row + asked.scores.classes());
    range.low = std::min(range.low, *low);
    range.high = std::max(range.high, *high);
  }
  return range;
}

float width_of(const Asked& asked) {
  float width = 0;
  for (int c = 0; c < asked.scores.classes(); ++c) {
    float low = std::numeric_limits<float>::max(), high = std::numeric_limits<float>::lowest();
    for (std::size_t i = 0; i < asked.known.size(); ++i) {
      if (!asked.known[i]) continue;
      const float score = asked.scores.row(static_cast<int>(i))[c];
      low = std::min(low, score);
      high = std::max(high, score);
    }
    width = std::max(width, high - low);
  }
  return width;
}

bool alike(const Asked& a, std::size_t i, const Asked& b, std::size_t j, float width) {
  constexpr float kLastBits = 1e-4F;  // of the width
  if (!a.known[i] || !b.known[j]) return true;
  const float *x = a.scores.row(static_cast<int>(i)), *y = b.scores.row(static_cast<int>(j));
  for (int c = 0; c < a.scores.classes(); ++c) {
    if (std::abs(x[c] - y[c]) > kLastBits * width) return false;
  }
  return true;
}

}  // namespace dflare
