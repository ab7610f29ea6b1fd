#pragma once

#include <executorch/runtime/core/error.h>

#include <string>

#include "model/executorch/runtime.hpp"

namespace dflare {

/// What an error of ExecuTorch means and what to do about it, with what was logged in its turn.
std::string executorch_failure(executorch::runtime::Error error, const ExecuTorchTurn& turn);

/// Throws that as ModelError unless all went well; `step` says what did not.
void require_executorch(executorch::runtime::Error error, const ExecuTorchTurn& turn,
                        const std::string& step);

}  // namespace dflare
