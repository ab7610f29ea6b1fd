#pragma once

#include <string>
#include <vector>

#include "config/model_entry.hpp"
#include "dflare/check.hpp"
#include "dflare/error.hpp"
#include "dflare/options.hpp"
#include "dflare/seeds.hpp"

namespace dflare::gtest {

using config::ModelEntry;

/// One pair of models to test.
struct Pair {
  std::string name;
  ModelEntry original, compressed;
  SeedSet seeds;
  Options options;
  Expectation expectation;
  int line = 0;  ///< in the manifest
};

struct Manifest {
  std::string file;
  std::vector<Pair> pairs;
};

/// Reads a manifest of dflare-test. Loads no model and decodes no image file; files must be there.
/// Throws ConfigError with all mistakes, one a line: "file:line: key: what".
Manifest read_manifest(const std::string& file);

}  // namespace dflare::gtest
