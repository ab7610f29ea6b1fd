#include "report/page_data.hpp"

#include <fmt/format.h>

#include <boost/filesystem/path.hpp>
#include <cstdlib>

#include "dflare/statistics.hpp"
#include "finding/finding_json.hpp"
#include "report/base64.hpp"
#include "report/paths.hpp"
#include "report/picture.hpp"
#include "support/hash.hpp"
#include "support/shell.hpp"
#include "support/version.hpp"

namespace dflare::report {
namespace {

namespace fs = boost::filesystem;
using nlohmann::ordered_json;

/// To the digits that can be told apart, as there are thousands of these numbers.
ordered_json number(double value) {
  return std::strtod(fmt::format("{:.5g}", value).c_str(), nullptr);
}

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

ordered_json model_json(const ModelRecord& model) {
  return {{"name", model.is_file() ? model.file : model.name},
          {"in_memory", model.in_memory()},
          {"sha256", model.sha256},
          {"backend", model.backend},
          {"runtime", model.runtime},
          {"device", model.device},
          {"engine", model.engine}};
}

ordered_json outcomes_json(const Outcomes& outcomes) {
  return {{"as it is", outcomes.as_it_is},   {"found", outcomes.found},
          {"not found", outcomes.not_found}, {"partly searched", outcomes.partly_searched},
          {"not begun", outcomes.not_begun}, {"error", outcomes.errors},
          {"skipped", outcomes.skipped}};
}

ordered_json verdict_json(const Verdict& verdict) {
  return {{"expectation", verdict.expectation},
          {"passed", verdict.passed},
          {"messages", verdict.messages}};
}

ordered_json pair_json(const Pair& pair) {
  ordered_json json;
  json["name"] = pair.name;
  json["original"] = model_json(pair.original);
  json["compressed"] = model_json(pair.compressed);
  json["seeds"] = pair.seeds;
  json["seed_count"] = pair.seed_count;
  json["started"] = pair.started;
  json["options"] = ordered_json::object();
  for (const auto& [name, value] : pair.options) json["options"][name] = value;
  json["outcomes"] = pair.outcomes ? outcomes_json(*pair.outcomes) : ordered_json();
  if (pair.outcomes && pair.outcomes->judged() > 0) {
    const Interval interval = clopper_pearson(pair.outcomes->deviating(), pair.outcomes->judged());
    json["judged"] = pair.outcomes->judged();
    json["rate"] = double(pair.outcomes->deviating()) / double(pair.outcomes->judged());
    json["interval"] = {interval.low, interval.high};
  }
  json["runs"] = pair.runs;
  json["unfinished"] = pair.unfinished;
  json["duplicates"] = pair.duplicates;
  json["corpus"] = pair.corpus;
  json["verdict"] = pair.verdict ? verdict_json(*pair.verdict) : ordered_json();
  json["error"] = pair.error;
  return json;
}

ordered_json top_json(const Opinion& opinion) {
  ordered_json rows = ordered_json::array();
  for (const Score& score : opinion.top)
    rows.push_back(ordered_json::array({score.label, number(score.score)}));
  return rows;
}

/// The line that replays a finding, to be typed in the page's folder.
std::string replay_line(const Pair& pair, const std::string& folder) {
  if (pair.original.in_memory() || pair.compressed.in_memory())
    return fmt::format(
        "dflare::replay({}, original, compressed)",
        ordered_json(folder).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  return "dflare-test --dflare_replay=" + shell_quoted(folder);
}

ordered_json finding_json(std::size_t pair_index, const Pair& pair, const Finding& finding,
                          const std::string& page_folder, Pictures& pictures) {
  const auto picture_of = [&](const char* name) {
    return read_picture((fs::path(finding.folder) / name).string());
  };
  const Picture seed = picture_of(seed_picture), mutant = picture_of(mutant_picture);
  const std::string folder = relative_path(finding.folder, page_folder);
  ordered_json json;
  json["pair"] = pair_index;
  json["seed"] = finding.seed_id;
  json["position"] = finding.position;
  json["label"] = or_null(finding.true_label);
  json["as_it_is"] = finding.as_it_is;
  json["queries"] = finding.queries;
  json["gradients"] = finding.gradients;
  json["paths"] = finding.paths;
  json["margin"] = number(finding.margin);
  json["labels"] = {finding.original.label, finding.compressed.label};
  json["original"] = top_json(finding.original);
  json["compressed"] = top_json(finding.compressed);
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
  json["replay"] = replay_line(pair, folder);
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
