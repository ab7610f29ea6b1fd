#include "check/progress_display.hpp"

#include <fmt/format.h>

#include "flags/flags.hpp"

namespace dflare::gtest {

std::string progress_text(const std::string& name, const Progress& p) {
  std::string text =
      fmt::format("{}: {} of {} seeds, {} deviate", name, p.seeds_done, p.seeds, p.found);
  if (p.seconds > 0)
    text += fmt::format(", {:.0f} queries/s", static_cast<double>(p.queries) / p.seconds);
  return text + time_left(p.seeds_done, p.seeds, p.seconds);
}

ProgressDisplay::ProgressDisplay(std::string name)
    : ProgressDisplay(std::move(name),
                      StatusLine::mode_of(flags().get("progress").value_or("auto"))) {}

void ProgressDisplay::show(const Progress& progress) {
  if (line_.due()) line_.show_now(progress_text(name_, progress));
}

}  // namespace dflare::gtest
