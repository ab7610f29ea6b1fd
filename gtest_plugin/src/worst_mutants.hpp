#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "dflare/search.hpp"

namespace dflare::gtest {

/// As many findings as a message shows, those of largest margin.
constexpr std::size_t shown_findings = 5;

/// How the mutants that a message can show were made, in words: of each block those of largest
/// margin. The histories of all others are not kept, so that memory does not grow with the
/// findings.
class WorstMutants {
 public:
  void add(std::size_t block, const Deviation& deviation);

  /// Seed id -> text.
  std::map<std::string, std::string> texts() const;

 private:
  struct Mutant {
    double margin;
    std::size_t position;
    std::string seed_id, text;
  };
  std::map<std::size_t, std::vector<Mutant>> blocks_;  // largest margin first, then by position
};

}  // namespace dflare::gtest
