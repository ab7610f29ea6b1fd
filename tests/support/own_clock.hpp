#pragma once

#include <memory>

#include "program/status_line.hpp"

namespace dflare::test {

/// A clock that goes on only when it is told to. Copies show the same time.
class OwnClock {
 public:
  StatusLine::Clock::time_point operator()() const { return *now_; }
  void go_on(std::chrono::milliseconds time) { *now_ += time; }

 private:
  std::shared_ptr<StatusLine::Clock::time_point> now_ =
      std::make_shared<StatusLine::Clock::time_point>();
};

}  // namespace dflare::test
