#pragma once

#include <string>

namespace dflare::config {

/// A sentence for the message about a value that is no text, or is not expanded; empty where it
/// holds no variable.
std::string note_on_variables(const std::string& value);

}  // namespace dflare::config
