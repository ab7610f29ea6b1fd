#pragma once

#include <string>
#include <vector>

namespace dflare {

/// The quantised engines that this LibTorch has on this machine, the preferred one first: those of
/// onednn, x86, fbgemm, qnnpack that are there.
std::vector<std::string> quantised_engines();

/// The wanted engine, or the preferred one where none is wanted (empty if there is none at all).
/// Throws ModelError if the wanted one is not there.
std::string choose_quantised_engine(const std::string& wanted);

/// While this lives, LibTorch's quantised engine is the one named. The engine is one setting for
/// the whole process, which int8 kernels read when weights are packed and again when they run: so
/// those who want the same engine go together, and those who want another wait, in the order in
/// which they came. An empty name wants no engine and waits for nobody. A thread must not take a
/// second turn while it has one.
class QuantisedEngineTurn {
 public:
  explicit QuantisedEngineTurn(const std::string& engine);
  ~QuantisedEngineTurn();
  QuantisedEngineTurn(const QuantisedEngineTurn&) = delete;
  QuantisedEngineTurn& operator=(const QuantisedEngineTurn&) = delete;

 private:
  bool taken_;
};

}  // namespace dflare
