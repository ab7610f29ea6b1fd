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
  return output == Output::logits ? answers.log_softmax(1) : log_of(answers);
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

void check(const at::Tensor& answers, const Targets& targets) {
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

}  // namespace

at::Tensor loss_of(const at::Tensor& answers, Output output, const Targets& targets,
                   const Loss& loss) {
  check(answers, targets);
  const at::Tensor compressed = log_scores(answers, output);
  at::Tensor of_images = at::zeros({answers.size(0)}, at::kFloat);
  if (loss.divergence > 0) {
    const double t = loss.temperature;
    const at::Tensor wanted = (log_of(targets.probabilities) / t).log_softmax(1);
    const at::Tensor given = (compressed / t).log_softmax(1);
    const at::Tensor divergence = (wanted.exp() * (wanted - given)).sum(1);
    of_images = of_images + divergence * (loss.divergence * t * t);
  }
  if (loss.logits > 0)
    of_images = of_images + squared_difference(compressed, targets) * loss.logits;
  if (loss.focal > 0)
    of_images = of_images * (1 + loss.focal * original_is_right(targets).to(at::kFloat));
  if (loss.label > 0) {
    const at::Tensor of_label =
        compressed.gather(1, targets.labels.clamp_min(0).unsqueeze(1)).squeeze(1);
    of_images = of_images - of_label * targets.labels.ge(0).to(at::kFloat) * loss.label;
  }
  return of_images.mean();
}

}  // namespace dflare::repair
