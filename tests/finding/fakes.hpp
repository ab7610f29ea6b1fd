#pragma once

// Models and deviations made up for the tests of findings.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/finding.hpp"
#include "support/fake_models.hpp"
#include "support/message_of.hpp"

namespace dflare::test {

ModelInfo in_memory(const std::string& name);
ModelInfo of_file(const std::string& path);

/// Label 1 where the mean of the image exceeds `threshold`, else 0; sure of it by 0.6 to 0.4.
FakeModel::Function bright_above(double threshold);

/// A pair in memory that deviates where the mean lies between 100 and 120.
struct Pair {
  FakeModel original{bright_above(100), in_memory("the original")};
  FakeModel compressed{bright_above(120), in_memory("the compressed")};
};

/// A deviation of that pair. The scores are not exact in decimals.
Deviation deviation_of(const std::string& seed_id, int variant = 0);

/// Numbers that need all their digits.
Transformation some_transformation();

SeedSet some_seeds();

std::string content_of(const std::string& path);

}  // namespace dflare::test
