#include "training/loss.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>

#include "dflare/error.hpp"

namespace dflare::repair {
namespace {

constexpr double least_probability = 1e-12;

at::Tensor log_of(const at::Tensor& probabilities) {
  return probabilities.clamp_min(least_probability).log();
}

at::Tensor log_scores(const at::Tensor& answers, Output output) {
  return output == Output::probabilities ? log_of(answers) : answers.log_softmax(1);
}

/// A sigmoid for each class answers as many questions of two answers as there are classes: the
/// answers of one image become so many rows of (1 - p, p).
at::Tensor two_ways(const at::Tensor& shares) {
  return at::stack({1 - shares, shares}, 2).flatten(0, 1);
}

/// Of each of those rows: whether the class is the true one; -1 where that is not known.
at::Tensor two_ways_labels(const at::Tensor& labels, std::int64_t classes) {
  const at::Tensor each = at::arange(classes).eq(labels.unsqueeze(1)).to(at::kLong);
  return each.masked_fill(labels.lt(0).unsqueeze(1), -1).flatten();
}

/// Of each image; those classes apart whose probability is too small to have a logarithm.
at::Tensor squared_difference(const at::Tensor& compressed, const Targets& targets) {
  const at::Tensor known = targets.probabilities.gt(least_probability).to(at::kFloat);
  const at::Tensor count = known.sum(1, /*keepdim=*/true);
  const auto centred = [&](const at::Tensor& scores) {
    return (scores - (scores * known).sum(1, true) / count) * known;
  };
  const at::Tensor difference = centred(compressed) - centred(log_of(targets.probabilities));
  return (difference.square().sum(1, true) / count).squeeze(1);
}

void check(const at::Tensor& answers, Output output, const Targets& targets) {
  if (output == Output::automatic) {
    throw ModelError(
        "what the compressed model answers is not settled; expected an examination of the pair "
        "first, or an input specification with its output");
  }
  if (answers.sizes() != targets.probabilities.sizes()) {
    throw ModelError(fmt::format(
        "the compressed model answers {} (images x classes) where the original answers {}; both "
        "must know the same classes",
        fmt::join(answers.sizes().vec(), " x "),
        fmt::join(targets.probabilities.sizes().vec(), " x ")));
  }
  const std::int64_t classes = answers.size(1);
  const auto highest = targets.labels.numel() == 0 ? -1 : targets.labels.max().item<std::int64_t>();
  if (highest >= classes) {
    throw ConfigError(
        fmt::format("a training seed has the label {}, but the models know {} classes (0 to {})",
                    highest, classes, classes - 1));
  }
}

/// Images whose true label is among the original's top classes.
at::Tensor original_is_right(const Targets& targets) {
  const at::Tensor of_label =
      targets.probabilities.gather(1, targets.labels.clamp_min(0).unsqueeze(1)).squeeze(1);
  return targets.labels.ge(0).logical_and(of_label.ge(targets.probabilities.amax(1)));
}

/// Of each row; what is to be weighed by focal, and what is not.
struct OfRows {
  at::Tensor distilled, labelled;
};
OfRows loss_of_rows(const at::Tensor& compressed, const Targets& targets, const Loss& loss) {
  OfRows of;
  of.distilled = of.labelled = at::zeros({compressed.size(0)}, at::kFloat);
  if (loss.divergence > 0) {
    const double t = loss.temperature;
    const at::Tensor wanted = (log_of(targets.probabilities) / t).log_softmax(1);
    const at::Tensor given = (compressed / t).log_softmax(1);
    const at::Tensor divergence = (wanted.exp() * (wanted - given)).sum(1);
    of.distilled = of.distilled + divergence * (loss.divergence * t * t);
  }
  if (loss.logits > 0)
    of.distilled = of.distilled + squared_difference(compressed, targets) * loss.logits;
  if (loss.label > 0) {
    const at::Tensor of_label =
        compressed.gather(1, targets.labels.clamp_min(0).unsqueeze(1)).squeeze(1);
    of.labelled = of_label * targets.labels.ge(0).to(at::kFloat) * -loss.label;
  }
  return of;
}

}  // namespace

at::Tensor loss_of(const at::Tensor& answers, Output output, const Targets& targets,
                   const Loss& loss) {
  check(answers, output, targets);
  OfRows of;
  if (output == Output::sigmoid) {
    const std::int64_t images = answers.size(0), classes = answers.size(1);
    of = loss_of_rows(log_of(two_ways(answers)),
                      {two_ways(targets.probabilities), two_ways_labels(targets.labels, classes)},
                      loss);
    for (at::Tensor* rows : {&of.distilled, &of.labelled})
      *rows = rows->view({images, classes}).sum(1);
  } else {
    of = loss_of_rows(log_scores(answers, output), targets, loss);
  }
  if (loss.focal > 0)
    of.distilled = of.distilled * (1 + loss.focal * original_is_right(targets).to(at::kFloat));
  return (of.distilled + of.labelled).mean();
}

}  // namespace dflare::repair
