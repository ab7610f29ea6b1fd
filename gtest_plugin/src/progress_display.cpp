#include "progress_display.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "flags.hpp"

namespace dflare::gtest {
namespace {

ProgressDisplay::Mode mode_of_flag() {
  const std::string text = flags().get("progress").value_or("auto");
  if (text == "off") return ProgressDisplay::Mode::off;
  if (text == "on" || ::isatty(STDERR_FILENO) == 1) return ProgressDisplay::Mode::live;
  return ProgressDisplay::Mode::lines;
}

}  // namespace

std::string progress_text(const std::string& name, const Progress& p) {
  std::string text =
      fmt::format("{}: {} of {} seeds, {} deviate", name, p.seeds_done, p.seeds, p.found);
  if (p.seconds > 0)
    text += fmt::format(", {:.0f} queries/s", static_cast<double>(p.queries) / p.seconds);
  if (p.seeds_done > 0 && p.seeds_done < p.seeds) {
    const double left =
        p.seconds * static_cast<double>(p.seeds - p.seeds_done) / static_cast<double>(p.seeds_done);
    text += left < 120 ? fmt::format(", about {:.0f} s left", left)
                       : fmt::format(", about {:.0f} min left", left / 60);
  }
  return text;
}

ProgressDisplay::ProgressDisplay(std::string name)
    : ProgressDisplay(std::move(name), mode_of_flag()) {}

void ProgressDisplay::show(const Progress& progress) {
  const auto pause =
      mode_ == Mode::live ? std::chrono::milliseconds(200) : std::chrono::seconds(30);
  if (mode_ == Mode::off || Clock::now() - last_ < pause) return;
  last_ = Clock::now();
  const std::string text = progress_text(name_, progress);
  if (mode_ == Mode::live) {
    std::fprintf(stderr, "\r\x1b[K[ dflare   ] %s", text.c_str());
    drawn_ = true;
  } else {
    std::fprintf(stderr, "[ dflare   ] %s\n", text.c_str());
  }
  std::fflush(stderr);
}

void ProgressDisplay::clear() {
  if (!std::exchange(drawn_, false)) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
}

}  // namespace dflare::gtest
