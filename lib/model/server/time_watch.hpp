#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace dflare {

/// Ends what a client does on its socket when its time is over, wherever it is: connecting, in the
/// handshake, sending, reading. The client's own limits are for each of its many waits alone.
class TimeWatch {
 public:
  TimeWatch() = default;
  TimeWatch(const TimeWatch&) = delete;
  TimeWatch& operator=(const TimeWatch&) = delete;
  ~TimeWatch();

  /// The client has a new socket. It is remembered by a descriptor of our own, whose number means
  /// nothing else after the client has closed its own.
  void opened(int socket) noexcept;

  /// Runs it, and shuts the socket down from the deadline on. Throws ModelError where no thread can
  /// be started for that.
  void run(std::chrono::steady_clock::time_point deadline, const std::function<void()>& exchange);

 private:
  void watch(std::chrono::steady_clock::time_point deadline);
  void end();

  std::mutex mutex_;
  std::condition_variable ended_changed_;
  bool ended_ = false;
  int socket_ = -1;
};

}  // namespace dflare
