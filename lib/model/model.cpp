#include "dflare/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "dflare/error.hpp"
#include "model/model_access.hpp"

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
        "probabilities already, and its input specification says output: logits; set output: "
        "probabilities, or leave output out",
        judged));
  }
}

void require_shape(const Scores& answers, std::size_t images, int classes_before) {
  if (static_cast<std::size_t>(answers.rows()) != images || answers.classes() < 1) {
    throw ModelError(
        fmt::format("answered {} x {} scores for {} image(s); expected images x classes = {} x N",
                    answers.rows(), answers.classes(), images, images));
  }
  if (classes_before != 0 && answers.classes() != classes_before) {
    throw ModelError(fmt::format(
        "answered {} classes, but {} in an earlier evaluation; a classifier must always answer the "
        "same number of classes",
        answers.classes(), classes_before));
  }
}

void require_shares(const Scores& answers, const std::string& taken_as) {
  constexpr float slack = 1e-3F;
  for (int i = 0; i < answers.rows(); ++i) {
    if (!answers.finite(i)) continue;
    const auto [low, high] =
        std::minmax_element(answers.row(i), answers.row(i) + answers.classes());
    if (*low >= -slack && *high <= 1 + slack) continue;
    throw ModelError(fmt::format(
        "the scores of image {} lie between {} and {}, but they are taken as {}, 0 to 1; if the "
        "model answers logits, set output: logits in its input specification",
        i, *low, *high, taken_as));
  }
}

/// One score for two classes becomes (1 - p, p), p the probability of the second.
void spread_one_score(Scores& scores, bool logits) {
  const Scores one = scores;
  scores.resize(one.rows(), 2);
  for (int i = 0; i < one.rows(); ++i) {
    // What is not finite must not become a sure answer.
    const double score = one.finite(i) ? one.row(i)[0] : std::numeric_limits<double>::quiet_NaN();
    scores.row(i)[0] = static_cast<float>(logits ? 1 / (1 + std::exp(score)) : 1 - score);
    scores.row(i)[1] = static_cast<float>(logits ? 1 / (1 + std::exp(-score)) : score);
  }
}

bool within_0_and_1(const Scores& scores) {
  return std::all_of(scores.row(0), scores.row(0) + scores.rows() * scores.classes(),
                     [](float score) { return !(score < 0) && !(score > 1); });
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

Model::Model(InputSpec input, ModelInfo info)
    : info_(std::move(info)), input_(std::move(input)), told_output_(input_.output) {
  input_.check();
}

void Model::predict(const ImageBatch& images, Scores& scores) {
  begin(images)(scores);
}

Model::Finish Model::begin(const ImageBatch& images) {
  if (info_.one_by_one && images.size() > 1)
    return [this, &images](Scores& scores) { predict_one_by_one(images, scores); };
  try {
    return
        [this, queued = queue(images), &images](Scores& scores) { finish(queued, images, scores); };
  } catch (const std::exception& failure) {
    throw ModelError(info_.name, failure.what());
  }
}

void Model::predict_one_by_one(const ImageBatch& images, Scores& scores) {
  Scores alone;
  ImageBatch one;
  for (std::size_t i = 0; i < images.size(); ++i) {
    one.clear();
    one.add(images[i]);
    predict(one, alone);
    if (i == 0) scores.resize(static_cast<int>(images.size()), alone.classes());
    std::copy_n(alone.row(0), alone.classes(), scores.row(static_cast<int>(i)));
  }
}

void Model::to_probabilities(Scores& scores) const {
  const Output told = input_.output;
  const bool settled = !info_.scores.empty();
  if (scores.classes() == 1) {
    const bool logits =
        told == Output::logits || (told == Output::automatic && !within_0_and_1(scores));
    if (!logits) require_shares(scores, "probabilities of the second class");
    return spread_one_score(scores, logits);
  }
  if (told == Output::sigmoid) return require_shares(scores, "a sigmoid for each class");
  if (told == Output::probabilities) return require_shares(scores, "probabilities");
  if (told == Output::automatic && within_0_and_1(scores)) return;
  if (told == Output::logits && !settled) require_logits(scores, score_step_);
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
    classes_ = scores.classes();
    to_probabilities(scores);
  } catch (const std::exception& failure) {
    throw ModelError(info_.name, failure.what());
  }
}

void Model::answers(const ImageBatch& images, Scores& answers) {
  try {
    if (const Finish queued = queue(images)) {
      queued(answers);
    } else {
      run(images, answers);
    }
    require_shape(answers, images.size(), classes_);
  } catch (const std::exception& failure) {
    throw ModelError(info_.name, failure.what());
  }
}

void ModelAccess::feed(Model& model, const InputSpec& input) {
  input.check();
  model.input_ = input;
  model.told_output_ = input.output;
}

void Model::settle(Output output, const std::string& scores, bool one_by_one) {
  input_.output = output;
  info_.scores = scores;
  info_.one_by_one = one_by_one;
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
