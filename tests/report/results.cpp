#include "report/results.hpp"

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

using nlohmann::json;

json searched(double margin) {
  return {{"seeds", 3},
          {"deviating", 3},
          {"rate", 1.0},
          {"rate_interval", {0.9, 1.0}},
          {"mean_queries", 4.5},
          {"mean_worst_margin", margin},
          {"worst_margin_interval", {0.1, 0.9}},
          {"largest_margin", 0.9}};
}

json measured(json repaired, double margin) {
  return {{"worst_repaired", std::move(repaired)},
          {"first_repaired", nullptr},
          {"searches",
           {{"first", nullptr},
            {"worst", searched(margin)},
            {"everyday", nullptr},
            {"dflare", nullptr}}},
          {"labels", {{"of", "test"}, {"images", 100}, {"disagreements", 7}}},
          {"accuracy", 0.75},
          {"file", {{"bytes", 1000}, {"zeros", 3}, {"distinct", 9}}}};
}

json share(int repaired) {
  return {{"inputs", 3}, {"repaired", repaired}, {"share", repaired / 3.0}, {"interval", {0, 1}}};
}

json round(int number, double loss) {
  return {{"number", number}, {"validation", loss}, {"control_validation", loss * 1.5}};
}

json repair_report() {
  return {{"dflare_repair_report", 1},
          {"verdict", "repaired"},
          {"models", {{"original", "a.pt"}, {"compressed", "b.pt"}}},
          {"seeds", {{"name", "some"}, {"size", 20}}},
          {"unseen", {{"name", "others"}, {"size", 3}}},
          {"recognised", "weights on a grid\nof 4 bits"},
          {"rounds", {round(0, 0.5), round(1, 0.05)}},
          {"best_round", 1},
          {"control_best_round", 1},
          {"before", measured(nullptr, 0.5)},
          {"control", measured(share(0), 0.4)},
          {"repaired", measured(share(1), 0.2)},
          {"against_control", {{"worst", {{"more_share", 0.33}, {"mcnemar_p", 0.5}}}}},
          {"original_accuracy", 0.8},
          {"gates", {{{"name", "kind"}, {"met", true}, {"text", "the compression is as it was"}}}},
          {"remarks", json::array()}};
}

}  // namespace

void write_run(const std::string& folder, const std::vector<std::string>& seed_ids,
               std::size_t seeds_in_all, const Options& options) {
  std::vector<Deviation> deviations;
  for (std::size_t i = 0; i < seed_ids.size(); ++i) {
    deviations.push_back(deviation_of(seed_ids[i], static_cast<int>(i)));
    deviations.back().position = i;
  }
  write_deviations(folder, deviations, seeds_in_all, options);
}

void write_deviations(const std::string& folder, const std::vector<Deviation>& deviations,
                      std::size_t seeds_in_all, const Options& options) {
  FakeModel original(bright_above(100), of_file("a.pt"));
  FakeModel compressed(bright_above(120), of_file("b.pt"));
  const SeedSet seeds = SeedSet::images(std::vector<Image>(seeds_in_all, picture(8, 8, 1)));
  FindingWriter writer(folder, original, compressed, seeds, options);
  SearchResult result;
  for (const Deviation& deviation : deviations) {
    writer.deviation(deviation);
    SeedResult seed;
    seed.position = deviation.position;
    seed.outcome = deviation.as_it_is ? Outcome::as_it_is : Outcome::found;
    seed.seed_original_label = seed.true_label = deviation.original_label;
    seed.seed_compressed_label = deviation.original_label;
    seed.seed_agrees = true;
    seed.original_label = deviation.original_label;
    seed.compressed_label = deviation.compressed_label;
    result.seeds.push_back(seed);
  }
  writer.finish(result);
}

void write_repair(const std::string& folder, const std::vector<std::string>& seed_ids) {
  write_run(folder + "/unseen", seed_ids);
  write_run(folder + "/findings", {"trained on"});
  write_file(folder + "/report.json", repair_report().dump());
  json rows = json::array();
  for (std::size_t i = 0; i < seed_ids.size(); ++i)
    rows.push_back({{"seed", seed_ids[i]}, {"repaired", i == 0}, {"repaired_by_control", false}});
  write_file(folder + "/findings.json",
             json{{"dflare_repair_findings", 1}, {"unseen_worst", rows}}.dump());
}

}  // namespace dflare::test
