// main() for test programs that use dflare's assertions: GoogleTest's flags and dflare's.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "flags/flags.hpp"
#include "flags/unknown_variables.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "support/broken_pipe.hpp"

int main(int argc, char** argv) {
  using namespace dflare::gtest;
  ::testing::InitGoogleTest(&argc, argv);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto asks_for_help = [](const std::string& a) {
    return a == "--help" || a == "--gtest_help";
  };
  if (std::any_of(arguments.begin(), arguments.end(), asks_for_help)) {
    std::printf("\nFlags of dflare, each also as environment variable (DFLARE_OUT):\n%s",
                flags_help(Program::user_tests).c_str());
    return 0;
  }
  try {
    set_flags(parse_flags(arguments, Program::user_tests));
    warn_of_unknown_variables(argv[0], "");
  } catch (const dflare::ConfigError& e) {
    std::fprintf(stderr, "%s: %s\n", argv[0], dflare::lines_utf8(e.what()).c_str());
    return 2;
  }
  dflare::handle_interrupts();
  dflare::go_on_without_reader();
  const int status = RUN_ALL_TESTS();
  return status == 0 && dflare::interrupted() ? 1 : status;
}
