// labels: what both models of each pair of a manifest answer for its seed inputs. Prints a line a
// pair, and writes JSON.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/error.hpp"
#include "runner/machine.hpp"
#include "runner/manifest.hpp"
#include "support/files.hpp"

namespace dflare::bench {
namespace {

using nlohmann::ordered_json;

struct Count {
  std::size_t images = 0, labelled = 0, unlike = 0, tied = 0;
  std::size_t original_right = 0, compressed_right = 0;
  double largest_difference = 0;  // of a probability
};

/// Top labels, the first of ties; images for which either model's top scores tie are counted apart.
void count(const SeedSet& seeds, std::size_t first, const Scores& original,
           const Scores& compressed, Count& counted) {
  for (int i = 0; i < original.rows(); ++i) {
    const ScoreRow a{original.row(i), original.classes()};
    const ScoreRow b{compressed.row(i), compressed.classes()};
    const int label = top_label(a), other = top_label(b);
    ++counted.images;
    counted.unlike += label != other;
    counted.tied += labels_of(a).size() > 1 || labels_of(b).size() > 1;
    for (int c = 0; c < a.classes; ++c) {
      const double difference = std::abs(static_cast<double>(a[c]) - static_cast<double>(b[c]));
      counted.largest_difference = std::max(counted.largest_difference, difference);
    }
    const auto truth = seeds.label(first + static_cast<std::size_t>(i));
    if (!truth) continue;
    ++counted.labelled;
    counted.original_right += label == *truth;
    counted.compressed_right += other == *truth;
  }
}

void require_answers(const gtest::Pair& pair, const Model& model, const Scores& scores) {
  for (int i = 0; i < scores.rows(); ++i) {
    if (!scores.finite(i)) {
      throw ModelError(
          fmt::format("{}: model '{}' answers NaN or infinity", pair.name, model.info().name));
    }
  }
}

Count compare(const gtest::Pair& pair, Model& original, Model& compressed) {
  Count counted;
  Scores a, b;
  const auto full = static_cast<std::size_t>(pair.options.batch());
  for (std::size_t first = 0; first < pair.seeds.size(); first += full) {
    ImageBatch images;
    for (std::size_t i = first; i < std::min(first + full, pair.seeds.size()); ++i) {
      images.add(pair.seeds.load(i).image);
    }
    original.predict(images, a);
    compressed.predict(images, b);
    if (a.classes() != b.classes()) {
      throw ModelError(fmt::format("{}: the models answer {} and {} classes", pair.name,
                                   a.classes(), b.classes()));
    }
    require_answers(pair, original, a);
    require_answers(pair, compressed, b);
    count(pair.seeds, first, a, b, counted);
  }
  return counted;
}

ordered_json row(const Model& model, std::size_t right, std::size_t labelled) {
  ordered_json json;
  json["model"] = model.info().name;
  json["backend"] = model.info().backend;
  json["runtime"] = model.info().runtime;
  json["engine"] = model.info().engine;
  json["accuracy"] = nullptr;
  if (labelled > 0) {
    json["accuracy"] = static_cast<double>(right) / static_cast<double>(labelled);
  }
  return json;
}

std::string percent(const ordered_json& side) {
  if (side["accuracy"].is_null()) return "unknown";
  return fmt::format("{:.2f} %", 100 * side["accuracy"].get<double>());
}

ordered_json measure(const gtest::Pair& pair) {
  const auto original = pair.original.open();
  const auto compressed = pair.compressed.open();
  const Count counted = compare(pair, *original, *compressed);
  ordered_json json;
  json["name"] = pair.name;
  json["images"] = counted.images;
  json["original"] = row(*original, counted.original_right, counted.labelled);
  json["compressed"] = row(*compressed, counted.compressed_right, counted.labelled);
  json["unlike"] = counted.unlike;
  json["tied"] = counted.tied;
  json["largest_difference"] = counted.largest_difference;
  json["machine"] = {{"cpu", gtest::cpu_name()}, {"cores", gtest::cpu_cores()}};
  fmt::print("{:<24} accuracy {}, {}  labels unlike the original's: {} of {} (ties: {})\n",
             pair.name, percent(json["original"]), percent(json["compressed"]), counted.unlike,
             counted.images, counted.tied);
  std::fflush(stdout);
  return json;
}

int main(int argc, char** argv) {
  CLI::App app(
      "Compares the labels of the models of each pair of a manifest over its seed inputs.");
  std::string manifest_file, json_file;
  std::vector<std::string> names;
  app.add_option("manifest", manifest_file, "a manifest of dflare-test")->required();
  app.add_option("--pair", names, "only these pairs (default: all)");
  app.add_option("--json", json_file, "write the figures to this file");
  CLI11_PARSE(app, argc, argv);

  try {
    ordered_json rows = ordered_json::array();
    for (const gtest::Pair& pair : gtest::read_manifest(manifest_file).pairs) {
      if (names.empty() || std::find(names.begin(), names.end(), pair.name) != names.end()) {
        rows.push_back(measure(pair));
      }
    }
    if (rows.empty())
      throw ConfigError("no pair of " + manifest_file + " has one of the names given");
    if (!json_file.empty()) {
      const ordered_json all = {{"bench", "labels"}, {"pairs", rows}};
      write_atomically(json_file, all.dump(2) + "\n");
    }
    return 0;
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "labels: %s\n", e.what());
    return 2;
  }
}

}  // namespace
}  // namespace dflare::bench

int main(int argc, char** argv) {
  return dflare::bench::main(argc, argv);
}
