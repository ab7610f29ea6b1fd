#include "support/broken_pipe.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace dflare {
namespace {

bool signal_is_pending() {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGPIPE) == 1;
}

/// Writes to a connection whose other side is closed, where SIGPIPE would end the process.
int error_of_writing() {
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  close(ends[1]);
  const int error = write(ends[0], "x", 1) < 0 ? errno : 0;
  close(ends[0]);
  return error;
}

TEST(BrokenPipe, IsAnErrorAndNoSignal) {
  void (*const before)(int) = std::signal(SIGPIPE, SIG_DFL);
  {
    const NoBrokenPipeSignal no_signal;
    EXPECT_EQ(error_of_writing(), EPIPE);
    EXPECT_TRUE(signal_is_pending());
  }
  EXPECT_FALSE(signal_is_pending());
  std::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace dflare
