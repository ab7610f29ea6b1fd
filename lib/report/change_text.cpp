#include "report/change_text.hpp"

#include <vector>

#include "finding/finding_json.hpp"

namespace dflare::report {
namespace {

using nlohmann::json;

struct Step {
  std::string name, unit;
  double strength = 0;
  int times = 1;
};

std::vector<Step> steps_of(const Document& finding) {
  std::vector<Step> steps;
  const json history = finding.get<json>("/history");
  for (std::size_t i = 0; i < history.size(); ++i) {
    const std::string at = fmt::format("/history/{}", i);
    Step step{finding.get<std::string>(at + "/operator"), finding.get<std::string>(at + "/unit"),
              finding.get<double>(at + "/strength")};
    if (!steps.empty() && steps.back().name == step.name) {
      ++steps.back().times;
    } else {
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

std::string text_of(const Step& step) {
  if (step.times > 1) return fmt::format("{} x{}", step.name, step.times);
  if (step.unit.empty()) return step.name;
  return fmt::format("{} {:.3g} {}", step.name, step.strength, step.unit);
}

}  // namespace

std::string change_text(const Document& finding) {
  constexpr std::size_t shown = 12;
  if (const auto transformation = transformation_in(finding)) return transformation->text();
  const std::vector<Step> steps = steps_of(finding);
  std::string text;
  for (std::size_t i = 0; i < steps.size() && i < shown; ++i)
    text += (i == 0 ? "" : ", ") + text_of(steps[i]);
  if (steps.size() > shown) text += fmt::format(", {} more", steps.size() - shown);
  return text;
}

}  // namespace dflare::report
