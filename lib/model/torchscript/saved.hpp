#pragma once

#include <torch/csrc/jit/api/module.h>

#include <string>

namespace dflare {

/// LibTorch writes the numbers of a program by the locale of C++: with a decimal comma, 0.5 becomes
/// two arguments, 0 and 5. Throws ModelError where that is so.
void require_locale_to_save();

/// The TorchScript file of a module. Throws ModelError likewise, and whatever LibTorch throws.
std::string saved(const torch::jit::Module& module);

}  // namespace dflare
