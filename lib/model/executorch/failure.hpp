#pragma once

#include <executorch/runtime/core/error.h>

#include <string>
#include <vector>

#include "model/executorch/runtime.hpp"

namespace dflare {

/// What an error of ExecuTorch with this log means, and what to do about it.
std::string executorch_remedy(executorch::runtime::Error error,
                              const std::vector<std::string>& log);

/// The same, with what was logged in its turn.
std::string executorch_failure(executorch::runtime::Error error, const ExecuTorchTurn& turn);

/// Throws that as ModelError unless all went well; `step` says what did not.
void require_executorch(executorch::runtime::Error error, const ExecuTorchTurn& turn,
                        const std::string& step);

}  // namespace dflare
