#include "report/page_data.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <numeric>

#include "dflare/statistics.hpp"
#include "finding/finding_json.hpp"
#include "finding/pictures.hpp"
#include "finding/replay/replay_line.hpp"
#include "program/plain_text.hpp"
#include "report/base64.hpp"
#include "report/paths.hpp"
#include "report/picture.hpp"
#include "support/hash.hpp"
#include "support/numbers.hpp"
#include "support/version.hpp"

namespace dflare::report {
namespace {

using nlohmann::ordered_json;

/// To the digits that can be told apart, as there are thousands of these numbers.
ordered_json number(double value) {
  return number_in<double>(fmt::format("{:.5g}", value)).value();
}

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

ordered_json model_json(const ModelRecord& model, const std::string& answers) {
  return {{"name", one_line_utf8(model.is_file() ? model.file : model.name)},
          {"in_memory", model.in_memory()},
          {"sha256", model.sha256},
          {"backend", model.backend},
          {"runtime", model.runtime},
          {"device", model.device},
          {"engine", model.engine},
          {"answers", one_line_utf8(answers)}};
}

ordered_json outcomes_json(const Tally& outcomes) {
  ordered_json json;
  for (const OutcomeRow& row : outcomes_table()) json[row.words] = outcomes[row.outcome];
  return json;
}

ordered_json labels_json(const Labels& labels) {
  return {{"evaluated", labels.evaluated},
          {"agreed", labels.agreed},
          {"labelled", labels.labelled},
          {"original_right", labels.original_right},
          {"compressed_right", labels.compressed_right},
          {"deviations", labels.deviations},
          {"deviations_original_right", labels.deviations_original_right},
          {"deviations_compressed_right", labels.deviations_compressed_right},
          {"deviations_neither_right", labels.deviations_neither_right}};
}

/// Whether the largest regret of each seed input was searched, which a criterion of the margin
/// makes the largest margin.
bool searched_for_regret(const Pair& pair) {
  bool worst = false, of_margin = false;
  for (const auto& [name, value] : pair.options) {
    worst = worst || (name == "objective" && value == "worst");
    of_margin = of_margin || (name == "criterion" && value.find("margin") != value.npos);
  }
  return worst && !of_margin;
}

/// The figure that ranks compressions, where all findings are at hand.
ordered_json worst_json(const Pair& pair) {
  if (!searched_for_regret(pair) || !pair.outcomes || pair.outcomes->judged_seeds() == 0 ||
      pair.outcomes->deviating() != pair.findings.size())
    return nullptr;
  std::vector<double> regrets(pair.outcomes->judged_seeds());  // 0 without a deviation
  for (std::size_t i = 0; i < pair.findings.size(); ++i) regrets[i] = pair.findings[i].regret;
  const double mean =
      std::accumulate(regrets.begin(), regrets.end(), 0.0) / static_cast<double>(regrets.size());
  const Interval interval = student_t(regrets);
  return {{"mean_regret", number(mean)},
          {"interval", {number(interval.low), number(interval.high)}}};
}

ordered_json verdict_json(const Verdict& verdict) {
  return {{"expectation", verdict.expectation},
          {"passed", verdict.passed},
          {"messages", verdict.messages}};
}

ordered_json pair_json(const Pair& pair) {
  ordered_json json;
  json["name"] = pair.name;
  json["original"] = model_json(pair.original, pair.original_answers);
  json["compressed"] = model_json(pair.compressed, pair.compressed_answers);
  json["seeds"] = one_line_utf8(pair.seeds);
  json["seed_count"] = pair.seed_count;
  json["started"] = pair.started;
  json["options"] = ordered_json::object();
  for (const auto& [name, value] : pair.options) json["options"][name] = value;
  json["outcomes"] = pair.outcomes ? outcomes_json(*pair.outcomes) : ordered_json();
  if (pair.outcomes && pair.outcomes->judged_seeds() > 0) {
    const Interval interval =
        clopper_pearson(pair.outcomes->deviating(), pair.outcomes->judged_seeds());
    json["judged"] = pair.outcomes->judged_seeds();
    json["rate"] = double(pair.outcomes->deviating()) / double(pair.outcomes->judged_seeds());
    json["interval"] = {interval.low, interval.high};
  }
  json["labels"] =
      pair.labels && pair.labels->evaluated > 0 ? labels_json(*pair.labels) : ordered_json();
  json["worst"] = worst_json(pair);
  json["remarks"] = ordered_json::array();
  for (const std::string& remark : pair.remarks) json["remarks"].push_back(one_line_utf8(remark));
  json["runs"] = pair.runs;
  json["unfinished"] = pair.unfinished;
  json["duplicates"] = pair.duplicates;
  json["corpus"] = one_line_utf8(pair.corpus);
  json["verdict"] = pair.verdict ? verdict_json(*pair.verdict) : ordered_json();
  json["error"] = lines_utf8(pair.error);
  return json;
}

ordered_json top_json(const std::vector<Score>& top) {
  ordered_json rows = ordered_json::array();
  for (const Score& score : top)
    rows.push_back(ordered_json::array({score.label, number(score.score)}));
  return rows;
}

/// The line that replays a finding, to be typed in the page's folder. It never trusts what the
/// results record, for the page may be of somebody else's results.
std::string replay_line(const Pair& pair, const std::string& folder,
                        const std::string& page_folder) {
  if (pair.original.in_memory() || pair.compressed.in_memory())
    return fmt::format(
        "dflare::replay({}, original, compressed)",
        ordered_json(folder).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  ReplayLine line{folder};
  if (!pair.manifest.empty()) line.manifest = relative_path(pair.manifest, page_folder);
  line.original = pair.original_path;
  line.compressed = pair.compressed_path;
  return line.text();
}

ordered_json finding_json(std::size_t pair_index, const Pair& pair, const Finding& finding,
                          const std::string& page_folder, Pictures& pictures) {
  const auto picture_of = [&](const char* name) {
    return read_picture(picture_in(finding.folder, name));
  };
  const Picture seed = picture_of(seed_picture), mutant = picture_of(mutant_picture);
  const std::string folder = relative_path(finding.folder, page_folder);
  ordered_json json;
  json["pair"] = pair_index;
  json["seed"] = one_line_utf8(finding.seed_id);
  json["position"] = finding.position;
  json["label"] = or_null(finding.true_label);
  json["as_it_is"] = finding.as_it_is;
  json["queries"] = finding.queries;
  json["gradients"] = finding.gradients;
  json["paths"] = finding.paths;
  json["regret"] = number(finding.regret);
  json["margin"] = number(finding.margin);
  json["labels"] = {finding.original_label, finding.compressed_label};
  json["original"] = top_json(finding.original_top);
  json["compressed"] = top_json(finding.compressed_top);
  json["change"] = finding.change;
  json["l2"] = number(finding.distances.l2);
  json["l_inf"] = number(finding.distances.l_inf);
  json["ssim"] = number(finding.distances.ssim);
  json["gain"] = number(finding.difference_gain);
  if (finding.repaired) json["repaired"] = *finding.repaired;
  if (finding.repaired_by_control) json["control"] = *finding.repaired_by_control;
  json["pictures"] = {pictures.add(seed.png), pictures.add(mutant.png)};
  json["size"] = {mutant.width, mutant.height};
  json["thumbnail"] = mutant.thumbnail;
  json["url"] = url_of(folder);
  json["replay"] = replay_line(pair, folder, page_folder);
  return json;
}

}  // namespace

std::size_t Pictures::add(const std::string& png) {
  const auto [place, is_new] = numbers_.try_emplace(sha256_of(png), all_.size());
  if (is_new) all_.push_back(base64(png));
  return place->second;
}

ordered_json page_data(const Report& report, const std::string& page_folder, Pictures& pictures) {
  ordered_json json;
  json["dflare_report"] = 1;
  json["dflare"] = version();
  json["title"] = report.title;
  json["pairs"] = ordered_json::array();
  json["repairs"] = ordered_json::array();
  for (const Repair& repair : report.repairs)
    json["repairs"].push_back({{"name", repair.name}, {"report", repair.report}});
  json["findings"] = ordered_json::array();
  for (std::size_t i = 0; i < report.pairs.size(); ++i) {
    json["pairs"].push_back(pair_json(report.pairs[i]));
    for (const Finding& finding : report.pairs[i].findings)
      json["findings"].push_back(finding_json(i, report.pairs[i], finding, page_folder, pictures));
  }
  return json;
}

}  // namespace dflare::report
