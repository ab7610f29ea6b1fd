#pragma once

#include <string>

namespace dflare {

/// What a person types to replay a finding with dflare-test, quoted for a shell. What `manifest`
/// names, else the model files, is what the line trusts.
struct ReplayLine {
  std::string finding, manifest{};       ///< no manifest: empty
  std::string original{}, compressed{};  ///< model files; empty for one that is none
  bool trust_recorded = false;           ///< for what is no file; without it dflare-test refuses

  std::string text() const;
};

}  // namespace dflare
