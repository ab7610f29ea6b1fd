#include <boost/filesystem/path.hpp>
#include <nlohmann/json.hpp>

#include "dflare/repair.hpp"
#include "retest/retest.hpp"
#include "setup/settings_rows.hpp"
#include "support/version.hpp"

namespace dflare::repair {
namespace {

using nlohmann::ordered_json;

std::string file_name(const std::string& path) {
  return boost::filesystem::path(path).filename().string();
}

ordered_json interval_json(const Interval& interval) {
  return ordered_json::array({interval.low, interval.high});
}

ordered_json repaired_json(const std::optional<Repaired>& repaired) {
  if (!repaired) return nullptr;
  ordered_json json;
  json["inputs"] = repaired->inputs;
  json["repaired"] = repaired->repaired;
  json["share"] = repaired->share();
  json["interval"] = interval_json(repaired->interval());
  return json;
}

ordered_json search_json(const std::optional<Summary>& s) {
  if (!s) return nullptr;
  ordered_json json;
  json["seeds"] = s->judged;
  json["deviating"] = s->deviating();
  json["as_it_is"] = s->as_it_is;
  json["rate"] = s->rate;
  json["rate_interval"] = interval_json(s->interval);
  json["mean_queries"] = s->mean_queries;
  json["median_queries"] = s->median_queries;
  json["mean_worst_regret"] = s->mean_worst_regret;
  json["worst_regret_interval"] = interval_json(s->worst_regret_interval);
  json["largest_regret"] = s->largest_regret;
  json["mean_worst_margin"] = s->mean_worst_margin;
  json["worst_margin_interval"] = interval_json(s->worst_margin_interval);
  json["largest_margin"] = s->largest_margin;
  return json;
}

ordered_json measured_json(const Measured& m) {
  ordered_json json;
  json["sha256"] = m.sha256;
  json["worst_repaired"] = repaired_json(m.worst);
  json["first_repaired"] = repaired_json(m.first);
  json["searches"]["first"] = search_json(m.first_search);
  json["searches"]["worst"] = search_json(m.worst_search);
  json["searches"]["everyday"] = search_json(m.everyday_search);
  json["searches"]["dflare"] = search_json(m.dflare_search);
  json["labels"]["of"] = m.agreement_on_test_set ? "test" : "unseen";
  json["labels"]["images"] = m.agreement_images;
  json["labels"]["disagreements"] = m.agreement_images - m.agreements;
  json["accuracy"] = m.accuracy ? ordered_json(*m.accuracy) : ordered_json(nullptr);
  json["file"]["bytes"] = m.facts.bytes;
  json["file"]["weights"] = m.facts.weights;
  json["file"]["zeros"] = m.facts.zeros;
  json["file"]["distinct"] = m.facts.distinct;
  json["file"]["quantised_operators"] = m.facts.quantised_operators;
  return json;
}

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::repaired:
      return "repaired";
    case Verdict::gates_not_met:
      return "gates_not_met";
    case Verdict::nothing_found:
      break;
  }
  return "nothing_found";
}

ordered_json compared(const std::optional<Repaired>& a, const std::optional<Repaired>& b) {
  if (!a || !b) return nullptr;
  ordered_json json;
  json["more_share"] = a->share() - b->share();
  json["repaired_alone"] = true_alone(a->each, b->each);
  json["control_alone"] = true_alone(b->each, a->each);
  json["mcnemar_p"] = mcnemar(a->each, b->each);
  return json;
}

}  // namespace

std::string report_json(const Settings& settings, const Result& r) {
  ordered_json json;
  json["dflare_repair_report"] = 1;
  json["dflare"] = version();
  json["verdict"] = verdict_name(r.verdict);
  json["models"]["original"] = file_name(settings.original.name());
  json["models"]["compressed"] = file_name(settings.compressed.name());
  json["seeds"] = {{"name", settings.training.name()}, {"size", r.training_seeds}};
  json["unseen"] = {{"name", settings.unseen.name()}, {"size", r.unseen_seeds}};
  json["recognised"] = r.recognised;
  json["search"] = ordered_json::object();
  for (const auto& [name, value] : recorded_options(settings.search)) json["search"][name] = value;
  json["settings"] = ordered_json::object();
  for (const SettingRow& row : settings_table()) {
    if (row.role != SettingRole::program) json["settings"][row.name] = row.get(settings);
  }
  json["rounds"] = ordered_json::array();
  for (const Round& round : r.rounds) {
    ordered_json row;
    row["number"] = round.number;
    row["findings"] = round.findings;
    row["new_findings"] = round.new_findings;
    row["loss"] = round.loss;
    row["validation"] = round.validation;
    row["validation_disagreements"] = round.validation_disagreements;
    row["control_validation"] = round.control_validation;
    json["rounds"].push_back(row);
  }
  json["learning_rate"] = r.learning_rate;
  json["best_round"] = r.best_round;
  json["control_best_round"] = r.control_best_round;
  if (r.verdict != Verdict::nothing_found) {
    json["before"] = measured_json(r.before);
    json["control"] = measured_json(r.control);
    json["repaired"] = measured_json(r.repaired);
    json["against_control"]["worst"] = compared(r.repaired.worst, r.control.worst);
    json["against_control"]["first"] = compared(r.repaired.first, r.control.first);
    json["original_accuracy"] =
        r.original_accuracy ? ordered_json(*r.original_accuracy) : ordered_json(nullptr);
  }
  json["gates"] = ordered_json::array();
  for (const Gate& gate : r.gates)
    json["gates"].push_back({{"name", gate.name}, {"met", gate.met}, {"text", gate.text}});
  json["remarks"] = r.remarks;
  json["repaired_file"] =
      r.repaired_file.empty() ? ordered_json(nullptr) : ordered_json(file_name(r.repaired_file));
  json["seconds"] = r.seconds;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace dflare::repair
