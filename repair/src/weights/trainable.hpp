#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "dflare/repair_settings.hpp"

namespace dflare::repair {

/// A compressed model as something that can be trained. For one thread at a time; several may be
/// trained beside each other.
class Trainable {
 public:
  virtual ~Trainable() = default;

  std::string name = "the compressed model";  ///< for messages

  /// The model's own answers, whatever it answers, to a batch, N x classes, differentiable with
  /// respect to parameters(). Throws ModelError that begins with the name. `training` false: as the
  /// file that file() makes would answer, but for the rounding of 8-bit kernels.
  virtual at::Tensor forward(const at::Tensor& batch, bool training) = 0;
  /// What an optimiser changes: leaves that require gradients.
  virtual std::vector<at::Tensor> parameters() const = 0;
  /// What training changes besides (running statistics). With parameters() the whole state.
  virtual std::vector<at::Tensor> buffers() const { return {}; }
  /// The model as a TorchScript file, with the parameters as they are now.
  virtual std::string file() = 0;
  /// How it is trained; never automatic.
  virtual Approach approach() const = 0;
  /// What is recognised in the model and will be kept, in words; one a line.
  virtual std::string text() const = 0;
};

}  // namespace dflare::repair
