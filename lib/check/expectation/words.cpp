#include "check/expectation/words.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare::checking {

std::string seed_inputs(std::size_t n) {
  return fmt::format("{} seed input{}", n, n == 1 ? "" : "s");
}

std::string findings_text(std::size_t n) {
  return fmt::format("{} finding{}", n, n == 1 ? "" : "s");
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

const char* distance_name(Distance distance) {
  switch (distance) {
    case Distance::l2:
      return "L2";
    case Distance::l_inf:
      return "L-inf";
    case Distance::strength:
      return "strength";
  }
  return "";
}

std::string apart_from(double bound, double value) {
  const std::string few = fmt::format("{:.4g}", value);
  return few == fmt::format("{:.4g}", bound) ? fmt::format("{}", value) : few;
}

std::string lead_to_a_deviation(std::size_t seeds) {
  return fmt::format("{} lead{} to a deviation", seed_inputs(seeds), seeds == 1 ? "s" : "");
}

std::string still_deviate(std::size_t findings) {
  return fmt::format("{} of the corpus still deviate{}", findings_text(findings),
                     findings == 1 ? "s" : "");
}

void check_share(const char* what, double bound, const char* of) {
  if (bound >= 0 && bound <= 1) return;
  throw ConfigError(fmt::format("the {} allowed is {}; expected {}, 0 to 1", what, bound, of));
}

}  // namespace dflare::checking
