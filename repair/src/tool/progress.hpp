#pragma once

#include <string>
#include <utility>

#include "dflare/repair.hpp"
#include "program/status_line.hpp"

namespace dflare::repair {

/// "training, round 2 of 3: 120 of 500, loss 0.0123, about 12 s left".
std::string stage_text(const Stage& stage);

/// Shows the stages of a repair on standard error. Never called from two threads at once.
class StageDisplay {
 public:
  explicit StageDisplay(StatusLine::Mode mode, StatusLine::Now now = StatusLine::Clock::now)
      : line_("[ repair ]", mode, std::move(now)) {}

  /// A stage that begins is shown at once.
  void show(const Stage& stage);
  /// Takes the line off the terminal, before somebody else writes.
  void clear() { line_.clear(); }

 private:
  StatusLine line_;
  std::string stage_;
};

}  // namespace dflare::repair
