#pragma once

#include <string>

#include "dflare/model_source.hpp"

namespace dflare {

/// What a child of the command printed, with what variables put into the command's words as they
/// are written there: programs print their arguments when they do not like them.
std::string with_variables_as_written(std::string printed, const Command& command);

}  // namespace dflare
