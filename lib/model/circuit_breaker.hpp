#pragma once

#include <mutex>
#include <optional>
#include <string>

namespace dflare {

/// When a circuit breaker opens, and what it says then.
struct BreakerRules {
  int most_failures;  ///< in a row; as many open it
  /// Whether it stays open where one that was asked before it opened succeeds yet.
  bool stays_open;
  /// Of the failures in a row and the last of them.
  std::string (*why)(int failures, const std::string& last);
};

/// What the replicas of a model know together of what answers them: what fails too often in a row
/// is not asked any more. Used by many threads.
class CircuitBreaker {
 public:
  explicit CircuitBreaker(BreakerRules rules) : rules_(rules) {}

  /// Ends the row of failures. `well`: with an answer, not with an error.
  void answered(bool well = true);
  void failed(const std::string& what);  ///< no answer at all
  void open(const std::string& why);     ///< for good

  /// Why it is open; not given: it is closed.
  std::optional<std::string> why_open() const;
  /// Throws ModelError with why_open().
  void require_closed() const;
  /// Whether the last one was answered well, or none was asked yet.
  bool last_was_well() const;

 private:
  const BreakerRules rules_;
  mutable std::mutex mutex_;
  int failures_ = 0;  // in a row
  bool last_was_well_ = true, for_good_ = false;
  std::optional<std::string> why_;
};

}  // namespace dflare
