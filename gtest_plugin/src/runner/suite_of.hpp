#pragma once

#include <gtest/gtest.h>

#include "runner/manifest.hpp"

namespace dflare::gtest {

/// The tests of a pair; null where there are none.
const ::testing::TestSuite* suite_of(const Pair& pair);

}  // namespace dflare::gtest
