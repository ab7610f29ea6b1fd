#pragma once

#include <string>

namespace dflare::gtest {

/// What dflare-test --help prints.
std::string help_text();

}  // namespace dflare::gtest
