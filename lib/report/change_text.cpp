#include "report/change_text.hpp"

#include <fmt/format.h>

#include <vector>

#include "dflare/strategy.hpp"
#include "finding/applied_text.hpp"

namespace dflare::report {
namespace {

/// An operator that was applied so many times in a row.
struct Step {
  AppliedOperator first;
  int times = 1;
};

std::vector<Step> steps_of(const std::vector<AppliedOperator>& history) {
  std::vector<Step> steps;
  for (const AppliedOperator& applied : history) {
    if (!steps.empty() && steps.back().first.name == applied.name) {
      ++steps.back().times;
    } else {
      steps.push_back({applied});
    }
  }
  return steps;
}

}  // namespace

std::string change_text(const dflare::Finding& finding) {
  constexpr std::size_t shown = 12;
  if (finding.transformation) return finding.transformation->text();
  const std::vector<Step> steps = steps_of(finding.history);
  std::string text;
  for (std::size_t i = 0; i < steps.size() && i < shown; ++i)
    text += (i == 0 ? "" : ", ") + applied_text(steps[i].first, steps[i].times);
  if (steps.size() > shown) text += fmt::format(", {} more", steps.size() - shown);
  return text;
}

}  // namespace dflare::report
