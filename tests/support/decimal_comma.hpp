#pragma once

#include <locale>
#include <string>

namespace dflare::test {

/// While it lives, the program's C++ locale writes 1.234,5. The machine need not know such a one.
class DecimalComma {
 public:
  DecimalComma() : before_(std::locale::global(std::locale(std::locale(), new Numbers))) {}
  ~DecimalComma() { std::locale::global(before_); }
  DecimalComma(const DecimalComma&) = delete;
  DecimalComma& operator=(const DecimalComma&) = delete;

 private:
  struct Numbers : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  std::locale before_;
};

}  // namespace dflare::test
