#include "say.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "program/plain_text.hpp"

namespace dflare::gtest {
namespace {

bool coloured() {
  const std::string asked = GTEST_FLAG_GET(color);
  if (asked != "auto") return asked == "yes" || asked == "true" || asked == "t" || asked == "1";
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && terminal != nullptr && std::string(terminal) != "dumb";
}

}  // namespace

void say(const std::string& text) {
  const char* const form = coloured() ? "\x1b[0;36m[ dflare   ]\x1b[m %s\n" : "[ dflare   ] %s\n";
  std::printf(form, one_line_utf8(text).c_str());
  std::fflush(stdout);
}

}  // namespace dflare::gtest
