#include "trial.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "dflare/finding.hpp"
#include "dflare/search.hpp"
#include "dflare/statistics.hpp"
#include "pure_inference.hpp"

namespace dflare::bench {
namespace {

using nlohmann::ordered_json;

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // Linux counts in KiB
}

struct Searched {
  double seconds = 0;
  SearchResult result;
};

Searched search_pair(const gtest::Pair& pair, Model& original, Model& compressed, int workers,
                     const std::string& findings) {
  const Options options = Options(pair.options).workers(workers);
  const auto begin = std::chrono::steady_clock::now();
  std::unique_ptr<FindingWriter> writer;
  if (!findings.empty()) {
    writer = std::make_unique<FindingWriter>(findings, original, compressed, pair.seeds, options);
  }
  Searched searched;
  searched.result = search(original, compressed, pair.seeds, options, writer.get());
  if (writer) writer->finish(searched.result);
  searched.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return searched;
}

/// What the repeats of one number of workers took.
struct Times {
  std::vector<double> inference, search, writing;
  std::vector<double> models;  // of `search`: what its workers spent in the models, a worker
};

std::vector<double> ratios(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all;
  for (std::size_t i = 0; i < a.size(); ++i) all.push_back(a[i] / b[i]);
  return all;
}

ordered_json row(int workers, const Times& times, const Times& one, std::uint64_t queries) {
  ordered_json json;
  json["workers"] = workers;
  json["inference_seconds"] = times.inference;
  json["search_seconds"] = times.search;
  json["writing_seconds"] = times.writing;
  json["search_over_inference"] = median(ratios(times.search, times.inference));
  json["models_over_inference"] = median(ratios(times.models, times.inference));
  if (!times.writing.empty()) {
    json["writing_over_inference"] = median(ratios(times.writing, times.inference));
  }
  json["queries_per_second"] = static_cast<double>(queries) / median(times.search);
  json["speedup_search"] = median(ratios(one.search, times.search));
  json["speedup_inference"] = median(ratios(one.inference, times.inference));
  return json;
}

void print_row(const std::string& name, const ordered_json& row) {
  std::printf("%-16s workers %d  search / inference %.3f (in the models %.3f)", name.c_str(),
              row["workers"].get<int>(), row["search_over_inference"].get<double>(),
              row["models_over_inference"].get<double>());
  if (row.contains("writing_over_inference")) {
    std::printf(", writing findings %.3f", row["writing_over_inference"].get<double>());
  }
  std::printf("  %8.0f queries/s  speedup %.2f (inference %.2f)\n",
              row["queries_per_second"].get<double>(), row["speedup_search"].get<double>(),
              row["speedup_inference"].get<double>());
  std::fflush(stdout);
}

}  // namespace

ordered_json measure(const gtest::Pair& pair, const Plan& plan) {
  const auto original = pair.original.open();
  const auto compressed = pair.compressed.open();
  std::vector<std::unique_ptr<PureInference>> inference;
  for (const int workers : plan.workers) {
    inference.push_back(std::make_unique<PureInference>(pair, *original, *compressed, workers));
  }

  // A first search counts what there is to evaluate, and warms everything up.
  const SearchResult first =
      search_pair(pair, *original, *compressed, plan.workers.back(), "").result;
  const std::uint64_t batched = first.counts.queries + first.counts.first_looks;
  const double peak_of_search = peak_megabytes();

  std::vector<Times> times(plan.workers.size());
  for (int repeat = 0; repeat < plan.repeats; ++repeat) {
    for (std::size_t w = 0; w < plan.workers.size(); ++w) {
      const int workers = plan.workers[w];
      times[w].inference.push_back(inference[w]->run(batched, first.counts.confirmations));
      const Searched plain = search_pair(pair, *original, *compressed, workers, "");
      times[w].search.push_back(plain.seconds);
      times[w].models.push_back(plain.result.inference_seconds / workers);
      if (plan.findings.empty()) continue;
      // Into a folder that is not there: to remove what an earlier run left is no part of a search.
      const std::string folder = fmt::format("{}/{}_{}_{}", plan.findings, pair.name, repeat, w);
      times[w].writing.push_back(
          search_pair(pair, *original, *compressed, workers, folder).seconds);
    }
  }

  const Summary summary = summarise(first);
  ordered_json json;
  json["name"] = pair.name;
  json["error"] = nullptr;
  json["seeds"] = summary.seeds;
  json["found"] = summary.found;
  json["queries"] = first.counts.queries;
  json["first_looks"] = first.counts.first_looks;
  json["confirmations"] = first.counts.confirmations;
  json["batches"] = first.counts.batches;
  json["batch"] = pair.options.batch();
  json["block"] = pair.options.block();
  json["images_per_batch"] =
      static_cast<double>(batched) / static_cast<double>(first.counts.batches);
  json["peak_megabytes"] = peak_of_search;
  json["strategy"] = pair.options.strategy();
  json["rng_seed"] = pair.options.rng_seed();
  json["runtime"] = original->info().runtime;
  json["engine"] = compressed->info().engine;
  json["rows"] = ordered_json::array();
  for (std::size_t w = 0; w < plan.workers.size(); ++w) {
    json["rows"].push_back(row(plan.workers[w], times[w], times[0], first.counts.queries));
    print_row(pair.name, json["rows"].back());
  }
  std::printf("%-16s %s, %llu queries, %.1f images a batch of %d; peak memory %.0f MiB\n", "",
              fmt::format("{} of {} seed inputs found", summary.found, summary.seeds).c_str(),
              static_cast<unsigned long long>(first.counts.queries),
              json["images_per_batch"].get<double>(), pair.options.batch(), peak_of_search);
  std::fflush(stdout);
  return json;
}

}  // namespace dflare::bench
