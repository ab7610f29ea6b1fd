#include "history_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dflare::gtest {
namespace {

struct Use {
  AppliedOperator first;
  int times = 0;
};

std::string use_text(const Use& use) {
  if (use.times > 1) return fmt::format("{} x{}", use.first.name, use.times);
  if (use.first.unit.empty()) return use.first.name;
  return fmt::format("{} {:.3g} {}", use.first.name, use.first.strength, use.first.unit);
}

}  // namespace

std::string history_text(const std::vector<AppliedOperator>& history) {
  constexpr std::size_t shown = 4;
  std::vector<Use> uses;
  for (const AppliedOperator& op : history) {
    auto known = std::find_if(uses.begin(), uses.end(),
                              [&op](const Use& use) { return use.first.name == op.name; });
    if (known == uses.end()) known = uses.insert(uses.end(), Use{op, 0});
    ++known->times;
  }
  std::stable_sort(uses.begin(), uses.end(),
                   [](const Use& a, const Use& b) { return a.times > b.times; });

  std::string text;
  for (std::size_t i = 0; i < uses.size() && i < shown; ++i) {
    text += (i == 0 ? "" : ", ") + use_text(uses[i]);
  }
  if (uses.size() > shown) text += fmt::format(", {} more", uses.size() - shown);
  return text;
}

std::string mutant_text(const Deviation& deviation) {
  return deviation.transformation ? deviation.transformation->text()
                                  : history_text(deviation.history);
}

}  // namespace dflare::gtest
