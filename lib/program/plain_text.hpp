#pragma once

#include <string>
#include <string_view>

namespace dflare {

/// What is quoted from outside (file names, class names, exceptions), as valid UTF-8 on one line,
/// harmless to XML, JSON and terminals: bytes that are none become U+FFFD, white space a space,
/// other control characters and those that turn the direction of writing "\x1b", "\u202e".
std::string one_line_utf8(std::string_view text);

/// Likewise, with the ends of lines as they are: for whole messages, which quote from outside.
std::string lines_utf8(std::string_view text);

}  // namespace dflare
