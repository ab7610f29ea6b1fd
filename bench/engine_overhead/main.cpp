// engine_overhead: what a search costs beside the inference in it. In one process and one run, for
// pairs of a manifest:
// (a) both models evaluate as many images as the search does, ready as float tensors, in full
//     batches on as many threads, and as many confirmations one by one;
// (b) the search, without and with the writing of findings.
// Prints b / a (median over the repeats), queries per second, the gain of more workers and peak
// memory; and writes JSON.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "runner/machine.hpp"
#include "runner/manifest.hpp"
#include "support/files.hpp"
#include "trial.hpp"

namespace dflare::bench {
namespace {

int main(int argc, char** argv) {
  CLI::App app("Measures a search against the inference in it, pair by pair of a manifest.");
  std::string manifest_file, json_file;
  std::vector<std::string> names;
  std::uint64_t queries = 0;
  Plan plan;
  app.add_option("manifest", manifest_file, "a manifest of dflare-test")->required();
  app.add_option("--pair", names, "only these pairs (default: all)");
  app.add_option("--workers", plan.workers, "numbers of workers, the first to compare with")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--repeats", plan.repeats, "how often all is measured")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--queries", queries, "budget of queries in all (default: the manifest's)");
  app.add_option("--findings", plan.findings,
                 "measure the writing of findings too, into new folders of this one");
  app.add_option("--json", json_file, "write the figures to this file");
  CLI11_PARSE(app, argc, argv);

  try {
    const gtest::Manifest manifest = gtest::read_manifest(manifest_file);
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (gtest::Pair pair : manifest.pairs) {
      if (!names.empty() && std::find(names.begin(), names.end(), pair.name) == names.end())
        continue;
      if (queries > 0) pair.options.queries_in_all(queries);
      nlohmann::ordered_json row = measure(pair, plan);
      row["machine"] = {{"cpu", gtest::cpu_name()}, {"cores", gtest::cpu_cores()}};
      rows.push_back(std::move(row));
    }
    if (rows.empty())
      throw ConfigError("no pair of " + manifest_file + " has one of the names given");
    if (!json_file.empty()) {
      write_atomically(json_file, nlohmann::ordered_json({{"pairs", rows}}).dump(2) + "\n");
    }
    return 0;
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "engine_overhead: %s\n", e.what());
    return 2;
  }
}

}  // namespace
}  // namespace dflare::bench

int main(int argc, char** argv) {
  return dflare::bench::main(argc, argv);
}
