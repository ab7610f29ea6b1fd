#include "program/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace dflare {
namespace {

std::atomic<bool> came{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler must not lock");

// Only what POSIX allows in a signal handler. SA_RESETHAND has put the default action back for this
// signal; the other one is put back here, so that either of them kills next.
extern "C" void on_interrupt(int) {
  came.store(true);
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  const char text[] =
      "\n[ dflare   ] interrupted: stopping, keeping what was found; once more ends at once\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, sizeof text - 1);
}

}  // namespace

void handle_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
  return came.load();
}

}  // namespace dflare
