#pragma once

#include <sstream>
#include <string>

namespace dflare {

/// What streams of this program make of 1234.5. Other than that under a C++ locale with a decimal
/// comma or with groups of digits, by which libraries of ours write files that nobody reads back.
inline std::string written_by_streams() {
  std::ostringstream text;
  text << 1234.5;
  return text.str();
}
inline bool streams_write_plain_numbers() {
  return written_by_streams() == "1234.5";
}

}  // namespace dflare
