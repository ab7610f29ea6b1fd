#include "training/teacher.hpp"

#include <ATen/ATen.h>

#include <cstring>

#include "dflare/error.hpp"
#include "model/torchscript/torch_support.hpp"

namespace dflare::repair {

Batch Teacher::teach(const std::vector<Example>& examples) {
  use_one_thread();
  ImageBatch images;
  for (const Example& example : examples) images.add(example.image);
  Scores scores;
  original_->predict(images, scores);

  Batch batch;
  batch.targets.probabilities = at::empty({scores.rows(), scores.classes()}, at::kFloat);
  auto* probabilities = batch.targets.probabilities.data_ptr<float>();
  batch.targets.labels = at::empty({scores.rows()}, at::kLong);
  auto* labels = batch.targets.labels.data_ptr<std::int64_t>();
  for (int i = 0; i < scores.rows(); ++i) {
    if (!scores.finite(i)) {
      throw ModelError(original_->info().name,
                       "it answers NaN or infinity to an image made for training; repair needs "
                       "finite scores");
    }
    std::memcpy(probabilities + static_cast<std::ptrdiff_t>(i) * scores.classes(), scores.row(i),
                sizeof(float) * static_cast<std::size_t>(scores.classes()));
    labels[i] = examples[static_cast<std::size_t>(i)].label.value_or(-1);
  }
  batch.images = to_tensor(images, compressed_, at::Device(at::kCPU));
  return batch;
}

}  // namespace dflare::repair
