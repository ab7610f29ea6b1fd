#include "model/server/time_watch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>
#include <thread>

#include "dflare/error.hpp"

namespace dflare {

TimeWatch::~TimeWatch() {
  if (socket_ >= 0) ::close(socket_);
}

void TimeWatch::opened(int socket) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (socket_ >= 0) ::close(socket_);
  socket_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
}

void TimeWatch::run(std::chrono::steady_clock::time_point deadline,
                    const std::function<void()>& exchange) {
  ended_ = false;
  std::thread watching;
  try {
    watching = std::thread([this, deadline] { watch(deadline); });
  } catch (const std::system_error& error) {
    throw ModelError(
        fmt::format("no thread could be started to watch the server's time ({}); use fewer workers",
                    error.what()));
  }
  try {
    exchange();
  } catch (...) {
    end();
    watching.join();
    throw;
  }
  end();
  watching.join();
}

void TimeWatch::watch(std::chrono::steady_clock::time_point deadline) {
  constexpr std::chrono::milliseconds tick(20);
  const auto ended = [this] { return ended_; };
  std::unique_lock<std::mutex> lock(mutex_);
  if (ended_changed_.wait_until(lock, deadline, ended)) return;
  do {  // again and again, for the client may go on to the host's next address
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  } while (!ended_changed_.wait_for(lock, tick, ended));
}

void TimeWatch::end() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  ended_changed_.notify_all();
}

}  // namespace dflare
