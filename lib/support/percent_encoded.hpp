#pragma once

#include <string>
#include <string_view>

namespace dflare {

/// Letters and digits of ASCII stay, and the bytes in `plain`; all others become %XX (RFC 3986,
/// section 2.1).
std::string percent_encoded(std::string_view text, std::string_view plain);

}  // namespace dflare
