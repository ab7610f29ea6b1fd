#pragma once

#include "runner/manifest.hpp"
#include "runner/pair_run.hpp"

namespace dflare::gtest {

/// Registers GoogleTest tests for every pair of the manifest; both must outlive the tests.
void register_pairs(const Manifest& manifest, RunRecord& record);

}  // namespace dflare::gtest
