#include "model/circuit_breaker.hpp"

#include "dflare/error.hpp"

namespace dflare {

void CircuitBreaker::answered(bool well) {
  const std::lock_guard<std::mutex> lock(mutex_);
  last_was_well_ = well;
  failures_ = 0;
  if (!for_good_) why_.reset();
}

void CircuitBreaker::failed(const std::string& what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  last_was_well_ = false;
  if (++failures_ < rules_.most_failures || for_good_) return;
  why_ = rules_.why(failures_, what);
  for_good_ = rules_.stays_open;
}

void CircuitBreaker::open(const std::string& why) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!for_good_) why_ = why;
  for_good_ = true;
}

std::optional<std::string> CircuitBreaker::why_open() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return why_;
}

void CircuitBreaker::require_closed() const {
  if (const auto why = why_open()) throw ModelError(*why);
}

bool CircuitBreaker::last_was_well() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_was_well_;
}

}  // namespace dflare
