#include "dflare/options.hpp"

#include "check/text/request_text.hpp"
#include "dflare/error.hpp"
#include "flags/flags.hpp"
#include "fuzz.hpp"

// A line for each flag: name=value.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  std::vector<std::string> arguments;
  Options alone;
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    const std::string line = bytes.substr(begin, end - begin);
    begin = end + 1;
    arguments.push_back("--dflare_" + line);
    const std::size_t sign = std::min(line.find('='), line.size());
    try {
      set_option(alone, line.substr(0, sign), line.substr(std::min(sign + 1, line.size())));
    } catch (const Error&) {
    }
  }
  checking::request_text(alone);
  // As a finding has them: what is written is read.
  for (const OptionRow& row : options_table()) row.set(alone, row.get(alone));

  Options options;
  gtest::parse_flags(arguments, gtest::Program::runner).apply(options);
  options.check();
}

std::vector<std::string> examples() {
  std::string all;
  for (const OptionRow& row : options_table()) {
    const std::string value = row.get(Options());
    if (!value.empty()) all += row.name + "=" + value + "\n";
  }
  return {all, "criterion=margin >= 0.2 and targeted = 3 5\nobjective=worst\n",
          "rotate=10\ntranslate=2\nscale=1.1\nl_inf=8\nssim=0.9\nqueries=20\n",
          "operators=geometric\nstrategy=random\n"};
}

}  // namespace dflare::fuzz
