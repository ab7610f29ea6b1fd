#pragma once

#include <string>

namespace dflare::gtest {

/// Prints a line of dflare's own on standard output, "[ dflare   ] text", among those of GoogleTest
/// and coloured where theirs are: on a terminal, or as --gtest_color says.
void say(const std::string& text);

}  // namespace dflare::gtest
