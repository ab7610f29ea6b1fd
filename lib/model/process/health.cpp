#include "model/process/health.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare {
namespace {

constexpr int most_failures = 20, most_failed_starts = 2;

}  // namespace

void Health::require_hope() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!given_up_.empty()) throw ModelError(given_up_);
}

void Health::started() {
  const std::lock_guard<std::mutex> lock(mutex_);
  failed_starts_ = 0;
}

void Health::answered() {
  const std::lock_guard<std::mutex> lock(mutex_);
  failures_ = 0;
}

void Health::failed(const std::string& what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (++failures_ == most_failures)
    given_up_ = fmt::format("failed {} times in a row, given up: {}", failures_, what);
}

void Health::not_started(const std::string& what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++failures_;
  if (++failed_starts_ == most_failed_starts)
    given_up_ =
        fmt::format("could not be started {} times in a row, given up: {}", failed_starts_, what);
}

void Health::give_up(const std::string& why) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (given_up_.empty()) given_up_ = why;
}

}  // namespace dflare
