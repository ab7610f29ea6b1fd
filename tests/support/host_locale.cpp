// The locale of a host program, as one that calls setlocale(LC_ALL, "") has it: in every test
// program, where the variable TESTS_UNDER_HOST_LOCALE is set.
#include <clocale>
#include <cstdlib>
#include <iostream>
#include <locale>
#include <sstream>
#include <string>

namespace {

[[maybe_unused]] const bool taken = [] {
  if (std::getenv("TESTS_UNDER_HOST_LOCALE") == nullptr) return false;
  // Of C alone, as most programs do, or of C++ too.
  if (std::string(std::getenv("TESTS_UNDER_HOST_LOCALE")) == "C") {
    std::setlocale(LC_ALL, "");
    return true;
  }
  std::locale::global(std::locale(""));  // and setlocale()
  std::ostringstream text;
  text << 1234.5;
  if (text.str() != "1.234,5" || std::localeconv()->decimal_point[0] != ',') {
    std::cerr << "the locale has no decimal comma: 1234.5 is written " << text.str() << '\n';
    std::_Exit(1);
  }
  return true;
}();

}  // namespace
