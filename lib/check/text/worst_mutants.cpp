#include "check/text/worst_mutants.hpp"

#include <algorithm>

#include "check/expectation/kind.hpp"
#include "check/text/history_text.hpp"

namespace dflare::checking {

void WorstMutants::add(std::size_t block, const Deviation& deviation) {
  if (deviation.as_it_is) return;
  std::vector<Mutant>& worst = blocks_[block];
  const double bad = measured_by(*options_).badness(deviation, *options_);
  const auto before = [&](const Mutant& other) {
    return other.badness != bad ? other.badness > bad : other.position < deviation.position;
  };
  const auto place = std::find_if_not(worst.begin(), worst.end(), before);
  if (place == worst.end() && worst.size() == shown_findings) return;
  worst.insert(place, {bad, deviation.position, deviation.seed.id, mutant_text(deviation)});
  if (worst.size() > shown_findings) worst.pop_back();
}

std::map<std::string, std::string> WorstMutants::texts() const {
  std::map<std::string, std::string> texts;
  for (const auto& block : blocks_) {
    for (const Mutant& mutant : block.second) texts[mutant.seed_id] = mutant.text;
  }
  return texts;
}

}  // namespace dflare::checking
