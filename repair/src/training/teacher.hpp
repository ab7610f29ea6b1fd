#pragma once

#include <memory>
#include <vector>

#include "data/images.hpp"
#include "dflare/model.hpp"
#include "training/loss.hpp"

namespace dflare::repair {

/// Images as the compressed model is fed with them, and the original's answers.
struct Batch {
  at::Tensor images;
  Targets targets;
};

/// Asks the original; for one thread at a time.
class Teacher {
 public:
  Teacher(const Model& original, InputSpec compressed)
      : original_(original.replicate()), compressed_(std::move(compressed)) {}

  Batch teach(const std::vector<Example>& examples);
  Output output() const { return compressed_.output; }

 private:
  std::shared_ptr<Model> original_;
  InputSpec compressed_;
};

}  // namespace dflare::repair
