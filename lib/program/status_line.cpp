#include "program/status_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "program/plain_text.hpp"

namespace dflare {

StatusLine::Mode StatusLine::mode_of(const std::string& flag) {
  if (flag == "off") return Mode::off;
  return flag == "on" || ::isatty(STDERR_FILENO) == 1 ? Mode::live : Mode::lines;
}

bool StatusLine::due() const {
  const auto pause =
      mode_ == Mode::live ? std::chrono::milliseconds(200) : std::chrono::seconds(30);
  return mode_ != Mode::off && now_() - last_ >= pause;
}

void StatusLine::show(const std::string& text) {
  if (due()) show_now(text);
}

void StatusLine::show_now(const std::string& given) {
  if (mode_ == Mode::off) return;
  const std::string text = one_line_utf8(given);
  last_ = now_();
  if (mode_ == Mode::live) {
    std::fprintf(stderr, "\r\x1b[K%s %s", tag_.c_str(), text.c_str());
    drawn_ = true;
  } else {
    std::fprintf(stderr, "%s %s\n", tag_.c_str(), text.c_str());
  }
  std::fflush(stderr);
}

void StatusLine::clear() {
  if (!std::exchange(drawn_, false)) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
}

std::string time_left(std::size_t done, std::size_t all, double seconds) {
  // The first steps take longer than the rest.
  if (done == 0 || done >= all || done * 100 < all) return "";
  const double left = seconds * static_cast<double>(all - done) / static_cast<double>(done);
  return left < 120 ? fmt::format(", about {:.0f} s left", left)
                    : fmt::format(", about {:.0f} min left", left / 60);
}

}  // namespace dflare
