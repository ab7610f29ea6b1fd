#pragma once

#include <string>
#include <vector>

#include "dflare/model_source.hpp"
#include "model/process/protocol.hpp"

namespace dflare {

/// The files that a command's words name (also behind a '='), with the parts of those that are
/// models, and what identifies them together with the file that the child says it answers for.
struct CommandFiles {
  std::vector<std::string> files;
  std::string sha256;  ///< empty where there is none
};
CommandFiles files_of(const Command& command, const Hello& hello);

}  // namespace dflare
