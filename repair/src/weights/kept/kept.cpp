#include "weights/kept/kept.hpp"

#include <algorithm>

#include "weights/kept/grid.hpp"
#include "weights/kept/zeros.hpp"

namespace dflare::repair {

const std::vector<const KeptKind*>& kept_kinds() {
  static const std::vector<const KeptKind*> kinds = {&kept_grid, &kept_zeros};
  return kinds;
}

bool anything_must_stay(const Kind& kind) {
  const auto& kinds = kept_kinds();
  return std::any_of(kinds.begin(), kinds.end(),
                     [&kind](const KeptKind* kept) { return kind.*kept->keep == Keep::always; });
}

WeightRule recognise(const at::Tensor& value, const Grid* packing, const Kind& kind) {
  WeightRule rule;
  for (const KeptKind* kept : kept_kinds()) {
    auto property = kept->recognise(value, packing, kind.*kept->keep, rule);
    if (property) rule.add(*kept, std::move(property));
  }
  return rule;
}

const KeptProperty* WeightRule::of(const KeptKind& kind) const {
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&kind](const auto& kept) { return kept.first == &kind; });
  return found == kept_.end() ? nullptr : found->second.get();
}

at::Tensor WeightRule::obeyed(const at::Tensor& weight) const {
  at::Tensor obeyed = weight;
  for (const auto& [kind, property] : kept_) obeyed = property->obeyed(obeyed);
  return obeyed;
}

std::string WeightRule::lost(const at::Tensor& after) const {
  for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept) {
    std::string lost = kept->second->lost(after);
    if (!lost.empty()) return lost;
  }
  return "";
}

}  // namespace dflare::repair
