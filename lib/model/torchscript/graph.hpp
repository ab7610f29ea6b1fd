#pragma once

#include <torch/csrc/jit/api/module.h>

namespace dflare {

/// An int8 model: its program calls quantised operators, or it holds weights packed for them.
bool is_quantised(const torch::jit::Module& module);

/// Whether what its forward returns are places of the highest scores (argmax), also as floats.
bool answers_labels(const torch::jit::Module& module);

}  // namespace dflare
