// predict_time: how long the compressed model of a pair takes for its seed inputs, in full batches,
// one thread. For each line on standard input all batches are evaluated once and the seconds
// printed, so that a script can take turns with something else on the same machine.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "runner/manifest.hpp"

namespace dflare::bench {
namespace {

using Batches = std::vector<std::vector<Image>>;

Batches full_batches(const gtest::Pair& pair) {
  const auto full = static_cast<std::size_t>(pair.options.batch());
  Batches batches;
  for (std::size_t first = 0; first + full <= pair.seeds.size(); first += full) {
    batches.emplace_back();
    for (std::size_t i = 0; i < full; ++i) {
      batches.back().push_back(pair.seeds.load(first + i).image);
    }
  }
  if (batches.empty()) {
    throw ConfigError(pair.name + ": fewer seed inputs than a batch; take more of them");
  }
  return batches;
}

/// Each batch is new to the model: conversion is part of the time.
double evaluate(Model& model, const Batches& batches) {
  Scores scores;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& images : batches) model.predict(ImageBatch(images), scores);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

int main(int argc, char** argv) {
  CLI::App app(
      "Times the compressed model of a pair over its seed inputs, once for each line read.");
  std::string manifest_file, name;
  app.add_option("manifest", manifest_file, "a manifest of dflare-test")->required();
  app.add_option("pair", name, "one of its pairs")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    const gtest::Manifest manifest = gtest::read_manifest(manifest_file);
    const auto pair = std::find_if(manifest.pairs.begin(), manifest.pairs.end(),
                                   [&](const gtest::Pair& one) { return one.name == name; });
    if (pair == manifest.pairs.end()) {
      throw ConfigError("no pair of " + manifest_file + " is called " + name);
    }
    const auto model = pair->compressed.open();
    const Batches batches = full_batches(*pair);
    std::string line;
    while (std::getline(std::cin, line)) {
      std::printf("%.6f\n", evaluate(*model, batches));
      std::fflush(stdout);
    }
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "predict_time: %s\n", e.what());
    return 2;
  }
}

}  // namespace
}  // namespace dflare::bench

int main(int argc, char** argv) {
  return dflare::bench::main(argc, argv);
}
