#pragma once

#include <cstddef>
#include <memory>

#include "dflare/model.hpp"

namespace dflare::bench {

/// A model as its runtime runs it without dflare, for one thread, and what it is fed.
class BareModel {
 public:
  virtual ~BareModel() = default;

  /// Makes the batch what the model is fed, and keeps it.
  virtual void add(const ImageBatch& images) = 0;
  /// Evaluates the i-th of the batches that were added, from 0. The answers are made, and left.
  virtual void evaluate(std::size_t i) = 0;
};

/// The same file, with the same settings, as a model that dflare has loaded. Throws ConfigError for
/// a backend whose runtime is not called here.
std::unique_ptr<BareModel> bare_model(const Model& loaded);

// Each in a file of its own, which alone sees the headers of the runtime.
std::unique_ptr<BareModel> bare_torchscript(const ModelInfo& info, const InputSpec& input);
std::unique_ptr<BareModel> bare_openvino(const ModelInfo& info, const InputSpec& input);
std::unique_ptr<BareModel> bare_executorch(const ModelInfo& info, const InputSpec& input);

}  // namespace dflare::bench
