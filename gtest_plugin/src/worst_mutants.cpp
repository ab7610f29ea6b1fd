#include "worst_mutants.hpp"

#include <algorithm>

#include "history_text.hpp"

namespace dflare::gtest {

void WorstMutants::add(std::size_t block, const Deviation& deviation) {
  if (deviation.as_it_is) return;
  std::vector<Mutant>& worst = blocks_[block];
  const auto before = [&deviation](const Mutant& other) {
    return other.margin != deviation.margin ? other.margin > deviation.margin
                                            : other.position < deviation.position;
  };
  const auto place = std::find_if_not(worst.begin(), worst.end(), before);
  if (place == worst.end() && worst.size() == shown_findings) return;
  worst.insert(place, {deviation.margin, deviation.position, deviation.seed.id,
                       history_text(deviation.history)});
  if (worst.size() > shown_findings) worst.pop_back();
}

std::map<std::string, std::string> WorstMutants::texts() const {
  std::map<std::string, std::string> texts;
  for (const auto& block : blocks_) {
    for (const Mutant& mutant : block.second) texts[mutant.seed_id] = mutant.text;
  }
  return texts;
}

}  // namespace dflare::gtest
