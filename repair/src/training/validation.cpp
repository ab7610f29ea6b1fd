#include "training/validation.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

namespace dflare::repair {
namespace {

constexpr int batches = 16, batch_size = 64;

}  // namespace

ValidationSet::ValidationSet(const TrainingImages& images, Teacher& teacher)
    : output_(teacher.output()) {
  for (int i = 0; i < batches; ++i) batches_.push_back(teacher.teach(images.batch(i, batch_size)));
}

Validation ValidationSet::of(Trainable& model, const Loss& loss) const {
  const c10::NoGradGuard no_gradients;
  Validation validation;
  for (const Batch& batch : batches_) {
    const at::Tensor answers = model.forward(batch.images, false);
    validation.loss += loss_of(answers, output_, batch.targets, loss).item<double>() / batches;
    const at::Tensor differ = answers.argmax(1).ne(batch.targets.probabilities.argmax(1));
    validation.disagreements += static_cast<std::size_t>(differ.sum().item<std::int64_t>());
  }
  return validation;
}

std::size_t ValidationSet::size() const {
  return batches * batch_size;
}

}  // namespace dflare::repair
