#pragma once

#include <string>

namespace dflare::repair {

/// Whether a TorchScript file holds where in the source its program's lines come from.
bool has_debug_information(const std::string& bytes);

/// The file without that, and with the rest as it is.
std::string without_debug_information(const std::string& bytes);

}  // namespace dflare::repair
