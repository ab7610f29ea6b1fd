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

std::string findings_json(const Retested& retested) {
  const Measured &repaired = retested.repaired, &control = retested.control;
  ordered_json json;
  json["dflare_repair_findings"] = 1;
  json["unseen_first"] = unseen_json(retested.unseen.first, repaired.first, control.first);
  json["unseen_worst"] = unseen_json(retested.unseen.worst, repaired.worst, control.worst);
  json["training"] = ordered_json::array();
  for (const TrainedOn& finding : retested.training) {
    json["training"].push_back({{"regret_before", finding.regret_before},
                                {"repaired", finding.regret_after == 0},
                                {"regret_after", finding.regret_after}});
  }
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace dflare::repair
