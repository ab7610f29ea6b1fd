#include "report/findings_json.hpp"

#include <nlohmann/json.hpp>

namespace dflare::repair {
namespace {

using nlohmann::ordered_json;

ordered_json unseen_json(const std::vector<Deviation>& inputs,
                         const std::optional<Repaired>& repaired,
                         const std::optional<Repaired>& control) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    ordered_json row;
    row["seed"] = inputs[i].seed.id;
    row["original"] = inputs[i].original_label;
    row["before"] = inputs[i].compressed_label;
    row["regret_before"] = inputs[i].regret;
    row["margin_before"] = inputs[i].margin;
    if (repaired) row["repaired"] = bool(repaired->each.at(i));
    if (control) row["repaired_by_control"] = bool(control->each.at(i));
    list.push_back(row);
  }
  return list;
}

}  // namespace

std::string findings_json(const UnseenInputs& unseen, const Result& result,
                          const std::vector<TrainingFinding>& training, Model& original,
                          Model& repaired) {
  ordered_json json;
  json["dflare_repair_findings"] = 1;
  json["unseen_first"] = unseen_json(unseen.first, result.repaired.first, result.control.first);
  json["unseen_worst"] = unseen_json(unseen.worst, result.repaired.worst, result.control.worst);
  json["training"] = ordered_json::array();
  for (const TrainingFinding& finding : training) {
    const Scores o = original.predict(finding.mutant), c = repaired.predict(finding.mutant);
    const Answer answer{{o.row(0), o.classes()}, {c.row(0), c.classes()}};
    const double regret = deviation_regret(answer);
    json["training"].push_back(
        {{"regret_before", finding.regret}, {"repaired", regret == 0}, {"regret_after", regret}});
  }
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace dflare::repair
