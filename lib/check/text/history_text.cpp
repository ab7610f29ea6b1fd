#include "check/text/history_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "finding/applied_text.hpp"

namespace dflare::checking {
namespace {

struct Use {
  AppliedOperator first;
  int times = 0;
};

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
    text += (i == 0 ? "" : ", ") + applied_text(uses[i].first, uses[i].times);
  }
  if (uses.size() > shown) text += fmt::format(", {} more", uses.size() - shown);
  return text;
}

std::string mutant_text(const Deviation& deviation) {
  return deviation.transformation ? deviation.transformation->text()
                                  : history_text(deviation.history);
}

}  // namespace dflare::checking
