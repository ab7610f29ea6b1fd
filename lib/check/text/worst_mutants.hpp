#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "dflare/search.hpp"

namespace dflare::checking {

/// As many findings as a message shows, the worst ones.
constexpr std::size_t shown_findings = 5;

/// How the mutants that a message can show were made, in words: of each block the worst ones, by
/// ExpectationKind::badness(). The histories of all others are not kept, so that memory does not
/// grow with the findings.
class WorstMutants {
 public:
  explicit WorstMutants(const Options& options) : options_(&options) {}

  void add(std::size_t block, const Deviation& deviation);

  /// Seed id -> text.
  std::map<std::string, std::string> texts() const;

 private:
  struct Mutant {
    double badness;
    std::size_t position;
    std::string seed_id, text;
  };

  const Options* options_;
  std::map<std::size_t, std::vector<Mutant>> blocks_;  // the worst first, then by position
};

}  // namespace dflare::checking
