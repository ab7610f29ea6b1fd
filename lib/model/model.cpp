#include "dflare/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dflare/error.hpp"

namespace dflare {
namespace {

double sum_of(const float* row, int classes) {
  double sum = 0;
  for (int c = 0; c < classes; ++c) {
    sum += row[c];
  }
  return sum;
}

// Equal logits get equal probabilities: each goes through the same steps.
void softmax(float* row, int classes) {
  const float top = *std::max_element(row, row + classes);
  float sum = 0;
  for (int c = 0; c < classes; ++c) {
    row[c] = std::exp(row[c] - top);
    sum += row[c];
  }
  for (int c = 0; c < classes; ++c) {
    row[c] /= sum;
  }
}

// What rounding each score to a multiple of `step` may change of the sum.
double rounding(float step, int classes) {
  return 0.5 * static_cast<double>(step) * classes;
}

void require_probabilities(const Scores& answers, float step) {
  constexpr float slack = 1e-3F;
  const double sum_slack = std::max(1e-2, rounding(step, answers.classes()));
  for (int i = 0; i < answers.rows(); ++i) {
    if (!answers.finite(i)) {
      continue;
    }
    const float* row = answers.row(i);
    const auto [low, high] = std::minmax_element(row, row + answers.classes());
    const double sum = sum_of(row, answers.classes());
    if (*low < -slack || *high > 1 + slack || std::abs(sum - 1) > sum_slack) {
      throw ModelError(fmt::format(
          "the scores of image {} lie between {} and {} and sum to {}, so they are no "
          "probabilities: the model seems to answer logits; set output: logits in its input "
          "specification",
          i, *low, *high, sum));
    }
  }
}

// Softmax of what is a probability already would flatten all scores, and hide deviations.
void require_logits(const Scores& answers, float step) {
  const double sum_slack = std::max(1e-4, rounding(step, answers.classes()));
  int judged = 0;
  for (int i = 0; i < answers.rows(); ++i) {
    if (!answers.finite(i)) {
      continue;
    }
    const float* row = answers.row(i);
    const auto [low, high] = std::minmax_element(row, row + answers.classes());
    if (*low < 0 || *high > 1 + 1e-3F || std::abs(sum_of(row, answers.classes()) - 1) > sum_slack) {
      return;
    }
    ++judged;
  }
  if (judged > 0) {
    throw ModelError(fmt::format(
        "the scores of all {} image(s) are non-negative and sum to 1: the model seems to answer "
        "probabilities already; set output: probabilities in its input specification",
        judged));
  }
}

void require_shape(const Scores& answers, std::size_t images, int classes_before) {
  if (static_cast<std::size_t>(answers.rows()) != images || answers.classes() < 2) {
    throw ModelError(fmt::format(
        "answered {} x {} scores for {} image(s); expected images x classes = {} x N, N at least 2",
        answers.rows(), answers.classes(), images, images));
  }
  if (classes_before != 0 && answers.classes() != classes_before) {
    throw ModelError(fmt::format(
        "answered {} classes, but {} in an earlier evaluation; a classifier must always answer the "
        "same number of classes",
        answers.classes(), classes_before));
  }
}

}  // namespace

bool Scores::finite(int i) const {
  return std::all_of(row(i), row(i) + classes_, [](float score) { return std::isfinite(score); });
}

void Scores::resize(int rows, int classes) {
  rows_ = rows;
  classes_ = classes;
  values_.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(classes));
}

Model::Model(InputSpec input, ModelInfo info) : info_(std::move(info)), input_(std::move(input)) {
  input_.check();
}

void Model::predict(const ImageBatch& images, Scores& scores) {
  begin(images)(scores);
}

Model::Finish Model::begin(const ImageBatch& images) {
  try {
    return
        [this, queued = queue(images), &images](Scores& scores) { finish(queued, images, scores); };
  } catch (const std::exception& failure) {
    throw ModelError(fmt::format("model '{}': {}", info_.name, failure.what()));
  }
}

void Model::to_probabilities(Scores& scores) const {
  if (input_.output == Output::probabilities) {
    require_probabilities(scores, score_step_);
    return;
  }
  require_logits(scores, score_step_);
  for (int i = 0; i < scores.rows(); ++i) {
    if (scores.finite(i)) softmax(scores.row(i), scores.classes());
  }
}

void Model::finish(const Finish& queued, const ImageBatch& images, Scores& scores) {
  try {
    if (queued) {
      queued(scores);
    } else {
      run(images, scores);
    }
    require_shape(scores, images.size(), classes_);
    if (!checked_probabilities_) to_probabilities(scores);
    classes_ = scores.classes();
  } catch (const std::exception& failure) {
    throw ModelError(fmt::format("model '{}': {}", info_.name, failure.what()));
  }
}

Scores Model::predict(const ImageBatch& images) {
  Scores scores;
  predict(images, scores);
  return scores;
}

Scores Model::predict(const Image& image) {
  ImageBatch alone;
  alone.add(image);
  return predict(alone);
}

}  // namespace dflare
