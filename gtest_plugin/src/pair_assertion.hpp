#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "dflare/gtest.hpp"
#include "dflare/statistics.hpp"

namespace dflare::gtest {

/// What EXPECT_NO_DEVIATION does, for a caller who also wants the figures; they stay empty where
/// there was no search. `call` is the first line of the message.
::testing::AssertionResult assert_no_deviation(const std::string& call,
                                               const ModelArgument& original,
                                               const ModelArgument& compressed,
                                               const SeedsArgument& seeds, const Options& options,
                                               std::optional<Summary>& figures);

}  // namespace dflare::gtest
