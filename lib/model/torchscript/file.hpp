#pragma once

#include <string>

namespace dflare {

/// What is wrong with bytes that should be a TorchScript file and cannot be read as one, and what
/// to do about it; empty if they look like TorchScript.
std::string why_no_torchscript(const std::string& bytes);

}  // namespace dflare
