#pragma once

#include <chrono>
#include <string>

#include "dflare/options.hpp"

namespace dflare::gtest {

/// "W8: 120 of 300 seeds, 80 deviate, 5000 queries/s, about 12 s left".
std::string progress_text(const std::string& name, const Progress& progress);

/// Shows progress on standard error: a line that is drawn again on a terminal, a line every half
/// minute elsewhere. Used by one thread.
class ProgressDisplay {
 public:
  enum class Mode { live, lines, off };

  /// The mode is that of the flag dflare_progress.
  explicit ProgressDisplay(std::string name);
  ProgressDisplay(std::string name, Mode mode) : name_(std::move(name)), mode_(mode) {}
  ~ProgressDisplay() { clear(); }
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void show(const Progress& progress);
  /// Takes the line off the terminal, before somebody else writes.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::string name_;
  Mode mode_;
  bool drawn_ = false;
  Clock::time_point last_ = Clock::now();
};

}  // namespace dflare::gtest
