#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace dflare {

/// Shows how far something is on standard error: a line that is drawn again on a terminal, a line
/// every half minute elsewhere. Used by one thread.
class StatusLine {
 public:
  enum class Mode { live, lines, off };

  using Clock = std::chrono::steady_clock;
  using Now = std::function<Clock::time_point()>;

  /// `tag` stands before each text: "[ dflare   ]".
  StatusLine(std::string tag, Mode mode, Now now = Clock::now)
      : tag_(std::move(tag)), mode_(mode), now_(std::move(now)) {}
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// "on", "off", or else what standard error is.
  static Mode mode_of(const std::string& flag);
  Mode mode() const { return mode_; }

  /// Whether show() would show; so that a text that nobody sees need not be made.
  bool due() const;
  /// Where it is due.
  void show(const std::string& text);
  /// Whether it is due or not.
  void show_now(const std::string& text);
  /// Takes the line off the terminal, before somebody else writes.
  void clear();

 private:
  std::string tag_;
  Mode mode_;
  Now now_;
  bool drawn_ = false;
  Clock::time_point last_ = now_();
};

/// ", about 12 s left", after so many seconds for `done` of `all`; empty where nothing can be said.
std::string time_left(std::size_t done, std::size_t all, double seconds);

}  // namespace dflare
