#include "report/change_text.hpp"

#include <vector>

#include "dflare/strategy.hpp"
#include "finding/applied_text.hpp"
#include "finding/finding_json.hpp"

namespace dflare::report {
namespace {

using nlohmann::json;

/// An operator that was applied so many times in a row.
struct Step {
  AppliedOperator first;
  int times = 1;
};

std::vector<Step> steps_of(const Document& finding) {
  std::vector<Step> steps;
  const json history = finding.get<json>("/history");
  for (std::size_t i = 0; i < history.size(); ++i) {
    const std::string at = fmt::format("/history/{}", i);
    AppliedOperator applied{finding.get<std::string>(at + "/operator"),
                            finding.get<double>(at + "/strength"),
                            finding.get<std::string>(at + "/unit")};
    if (!steps.empty() && steps.back().first.name == applied.name) {
      ++steps.back().times;
    } else {
      steps.push_back({std::move(applied)});
    }
  }
  return steps;
}

}  // namespace

std::string change_text(const Document& finding) {
  constexpr std::size_t shown = 12;
  if (const auto transformation = transformation_in(finding)) return transformation->text();
  const std::vector<Step> steps = steps_of(finding);
  std::string text;
  for (std::size_t i = 0; i < steps.size() && i < shown; ++i)
    text += (i == 0 ? "" : ", ") + applied_text(steps[i].first, steps[i].times);
  if (steps.size() > shown) text += fmt::format(", {} more", steps.size() - shown);
  return text;
}

}  // namespace dflare::report
