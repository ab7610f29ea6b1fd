#pragma once

#include <vector>

#include "training/teacher.hpp"
#include "weights/trainable.hpp"

namespace dflare::repair {

struct Validation {
  double loss = 0;
  std::size_t disagreements = 0;  ///< images on which the top classes differ
};

/// Fixed images of seeds that are not trained on, which choose the best round.
class ValidationSet {
 public:
  ValidationSet(const TrainingImages& images, Teacher& teacher);

  Validation of(Trainable& model, const Loss& loss) const;
  std::size_t size() const;

 private:
  Output output_;
  std::vector<Batch> batches_;
};

}  // namespace dflare::repair
