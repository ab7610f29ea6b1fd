#pragma once

#include <executorch/extension/module/module.h>
#include <executorch/extension/tensor/tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "model/executorch/runtime.hpp"
#include "model/input_tensor.hpp"

namespace dflare {

/// The method forward of a .pte file, with memory of its own. For one thread at a time.
class ExecuTorchProgram {
 public:
  /// Throws ModelError where this is no such file, ExecuTorch cannot load it, or it is no
  /// classifier of images.
  explicit ExecuTorchProgram(std::shared_ptr<const std::string> bytes);
  ~ExecuTorchProgram();

  const InputTensor& input() const { return input_; }  ///< most_images is never 0
  int classes() const { return classes_; }             ///< of each answer

  /// The answers to `count` images, at most input().most_images, into count * classes() values.
  /// Throws ModelError where they have other than the bytes of the file's images, or it fails.
  void run(const void* images, std::size_t bytes_an_image, int count, float* answers);

 private:
  using Sizes = std::vector<executorch::aten::SizesType>;

  void load(const ExecuTorchTurn& turn);
  void read_input(const executorch::runtime::MethodMeta& method);
  void read_output(const executorch::runtime::MethodMeta& method);
  void require_any_count(const ExecuTorchTurn& turn);
  executorch::extension::TensorPtr tensor_of(const void* images, int count) const;
  std::size_t bytes_an_image() const;

  std::shared_ptr<const std::string> bytes_;
  std::unique_ptr<executorch::extension::Module> module_;
  executorch::aten::ScalarType type_{};
  Sizes sizes_;
  std::vector<executorch::aten::DimOrderType> order_;
  InputTensor input_;
  int classes_ = 0;
};

}  // namespace dflare
