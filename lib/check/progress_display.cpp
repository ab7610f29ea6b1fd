#include "check/progress_display.hpp"

#include <fmt/format.h>

namespace dflare::checking {

std::string progress_text(const std::string& name, const Progress& p) {
  std::string text =
      fmt::format("{}: {} of {} seeds, {} deviate", name, p.seeds_done, p.seeds, p.found);
  if (p.seconds > 0)
    text += fmt::format(", {:.0f} queries/s", static_cast<double>(p.queries) / p.seconds);
  return text + time_left(p.seeds_done, p.seeds, p.seconds);
}

void ProgressDisplay::show(const Progress& progress) {
  if (line_.due()) line_.show_now(progress_text(name_, progress));
}

}  // namespace dflare::checking
