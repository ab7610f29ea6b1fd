#include "finding/replay/replay_line.hpp"

#include "program/shell.hpp"

namespace dflare {

std::string ReplayLine::text() const {
  std::string line = "dflare-test";
  if (!manifest.empty()) line += " " + shell_quoted(manifest);
  line += " --dflare_replay=" + shell_quoted(finding);
  if (!manifest.empty()) return line;
  if (!original.empty()) line += " --dflare_original=" + shell_quoted(original);
  if (!compressed.empty()) line += " --dflare_compressed=" + shell_quoted(compressed);
  const bool others = original.empty() || compressed.empty();
  if (trust_recorded && others) line += " --dflare_trust_recorded";
  return line;
}

}  // namespace dflare
