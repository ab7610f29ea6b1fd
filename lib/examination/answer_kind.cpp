#include "examination/answer_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "dflare/error.hpp"
#include "model/input_json.hpp"
#include "model/model_access.hpp"

namespace dflare {
namespace {

constexpr float kSlack = 1e-3F;  // that rounding may take a probability out of 0..1

/// Of each row that is known.
void each_row(const Asked& asked, const std::function<void(const float* row, int classes)>& see) {
  for (std::size_t i = 0; i < asked.known.size(); ++i) {
    if (asked.known[i]) see(asked.scores.row(static_cast<int>(i)), asked.scores.classes());
  }
}

struct Sums {
  double low = 1, high = 1;

  void see(double sum) {
    low = std::min(low, sum);
    high = std::max(high, sum);
  }
  double off() const { return std::max(1 - low, high - 1); }
};

Sums sums_of(const Asked& asked, bool of_exponentials) {
  Sums sums;
  each_row(asked, [&](const float* row, int classes) {
    double sum = 0;
    for (int c = 0; c < classes; ++c)
      sum += of_exponentials ? std::exp(static_cast<double>(row[c])) : row[c];
    sums.see(sum);
  });
  return sums;
}

/// The step between two answers, where all of them are whole numbers of the smallest above 0.
double step_of(const Asked& asked) {
  constexpr double kFinest = 1.0 / 4096;
  double smallest = 1;
  each_row(asked, [&](const float* row, int classes) {
    for (int c = 0; c < classes; ++c) {
      if (row[c] > 0) smallest = std::min<double>(smallest, row[c]);
    }
  });
  if (smallest < kFinest) return 0;
  bool whole = true;
  each_row(asked, [&](const float* row, int classes) {
    for (int c = 0; c < classes; ++c) {
      const double steps = row[c] / smallest;
      whole = whole && std::abs(steps - std::round(steps)) < 0.05;
    }
  });
  return whole ? smallest : 0;
}

/// How far sums of probabilities may miss 1 by rounding: that of half-precision numbers, or to
/// steps as an 8-bit answer's.
double rounding_of_sums(const Model& model, const Asked& asked) {
  constexpr double kHalfPrecision = 0.01;
  const double step = std::max<double>(ModelAccess::score_step(model), step_of(asked));
  return kHalfPrecision + asked.scores.classes() * step / 2;
}

/// Likewise by a lowest value that nothing falls below.
double clipping_of_sums(const Asked& asked) {
  return asked.scores.classes() * static_cast<double>(range_of(asked).low);
}

bool whole_numbers(const Asked& asked) {
  bool whole = true;
  each_row(asked, [&](const float* row, int classes) {
    for (int c = 0; c < classes; ++c) whole = whole && row[c] == std::round(row[c]);
  });
  return whole;
}

bool same_for_all(const Asked& asked) {
  const auto first = std::find(asked.known.begin(), asked.known.end(), true) - asked.known.begin();
  for (std::size_t i = 0; i < asked.known.size(); ++i) {
    if (!alike(asked, static_cast<std::size_t>(first), asked, i, width_of(asked))) return false;
  }
  return true;
}

AnswerKind kind_of_one_score(const Asked& asked, Output told) {
  const Range range = range_of(asked);
  if (whole_numbers(asked) && asked.count_known() > 1) {
    throw ModelError(fmt::format(
        "answers one whole number for each image, {} to {}: a label and no score; export a model "
        "whose forward returns the scores of all classes",
        range.low, range.high));
  }
  const bool probability = range.low >= -kSlack && range.high <= 1 + kSlack;
  if (!probability && told != Output::automatic && told != Output::logits) {
    throw ModelError(
        fmt::format("its one score for two classes lies between {} and {}: a logit, but its input "
                    "specification says output: {}; say output: logits, or leave output out",
                    range.low, range.high, output_name(told)));
  }
  const bool logit = told == Output::logits || !probability;
  return {logit ? Output::logits : Output::probabilities,
          logit ? "one logit for two classes, served as (1 - p, p)"
                : "one probability for two classes, served as (1 - p, p)"};
}

/// Softmax of percentages would make every answer a sure one.
void require_no_percentages(const Asked& asked) {
  constexpr double kLeastSum = 2, kOff = 0.01;
  double low = std::numeric_limits<double>::max(), high = 0;
  each_row(asked, [&](const float* row, int classes) {
    const double sum = std::accumulate(row, row + classes, 0.0);
    low = std::min(low, sum);
    high = std::max(high, sum);
  });
  if (range_of(asked).low < 0 || low < kLeastSum || high - low > kOff * high || same_for_all(asked))
    return;
  throw ModelError(
      fmt::format("its scores sum to {:.4g} to {:.4g} for every image, as percentages or 8-bit "
                  "probabilities do; export a model that divides them by that, or that answers "
                  "logits",
                  low, high));
}

AnswerKind kind_seen(const Model& model, const Asked& asked) {
  const Range range = range_of(asked);
  if (range.low < -kSlack || range.high > 1 + kSlack) {
    constexpr double kOff = 0.05;
    require_no_percentages(asked);
    const bool logarithms = range.high <= kSlack && sums_of(asked, true).off() < kOff;
    return {Output::logits, logarithms ? "log-probabilities" : "logits"};
  }
  const Sums sums = sums_of(asked, false);
  const double rounding = rounding_of_sums(model, asked);
  if (sums.off() > rounding + clipping_of_sums(asked))
    return {Output::sigmoid, "a sigmoid for each class"};
  if (sums.off() <= rounding) return {Output::probabilities, "probabilities"};
  return {Output::probabilities,
          fmt::format("probabilities (that sum to {:.4g} to {:.4g})", sums.low, sums.high)};
}

std::string why(const AnswerKind& seen, const Asked& asked) {
  const Range range = range_of(asked);
  std::string text = fmt::format("lie between {:.4g} and {:.4g}", range.low, range.high);
  if (seen.output != Output::logits) {
    const Sums sums = sums_of(asked, false);
    text += fmt::format(" and sum to {:.4g} to {:.4g} an image", sums.low, sums.high);
  }
  return text;
}

}  // namespace

AnswerKind answer_kind(const Model& model, const Asked& asked) {
  const Output told = ModelAccess::told_output(model);
  if (asked.scores.classes() == 1) return kind_of_one_score(asked, told);
  AnswerKind seen = kind_seen(model, asked);
  if (told == Output::automatic || told == seen.output) return seen;
  // What is the same for every image says nothing of what it is.
  if (same_for_all(asked)) return {told, output_name(told)};
  throw ModelError(fmt::format(
      "its scores for {} images {}: they seem to be {}, but its input specification says output: "
      "{}; say output: {}, or leave output out",
      asked.count_known(), why(seen, asked), seen.text, output_name(told),
      output_name(seen.output)));
}

}  // namespace dflare
