#pragma once

#include <string>
#include <utility>

#include "dflare/options.hpp"
#include "program/status_line.hpp"

namespace dflare::checking {

/// "W8: 120 of 300 seeds, 80 deviate, 5000 queries/s, about 12 s left".
std::string progress_text(const std::string& name, const Progress& progress);

/// Shows the progress of a search on standard error. Used by one thread.
class ProgressDisplay {
 public:
  using Mode = StatusLine::Mode;

  ProgressDisplay(std::string name, Mode mode, StatusLine::Now now = StatusLine::Clock::now)
      : name_(std::move(name)), line_("[ dflare   ]", mode, std::move(now)) {}

  void show(const Progress& progress);
  /// Takes the line off the terminal, before somebody else writes.
  void clear() { line_.clear(); }

 private:
  std::string name_;
  StatusLine line_;
};

}  // namespace dflare::checking
