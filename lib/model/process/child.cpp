#include "model/process/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "dflare/error.hpp"
#include "model/process/expanded_words.hpp"
#include "program/plain_text.hpp"
#include "program/shell.hpp"

extern char** environ;

namespace dflare {
namespace {

constexpr int connection_in_child = 3, memory_in_child = 4;
constexpr std::size_t printed_bytes = 1000;

/// The variables of this process, and the one that tells a program that it is served to dflare.
std::vector<char*> environment() {
  static char protocol[] = "DFLARE_PROTOCOL=1";
  std::vector<char*> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (std::strncmp(*variable, protocol, std::strlen("DFLARE_PROTOCOL=")) != 0)
      all.push_back(*variable);
  }
  all.push_back(protocol);
  all.push_back(nullptr);
  return all;
}

/// What posix_spawn does in the child before the program begins.
class Preparations {
 public:
  Preparations(const Command& command, int connection, int memory, int output) {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, connection, connection_in_child);
    ::posix_spawn_file_actions_adddup2(&actions, memory, memory_in_child);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, memory_in_child + 1);
    if (!command.folder.empty())
      ::posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());

    ::posix_spawnattr_init(&attributes);
    sigset_t none, usual;
    ::sigemptyset(&none);
    ::sigemptyset(&usual);
    for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGHUP, SIGCHLD})
      ::sigaddset(&usual, signal);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &usual);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Preparations(const Preparations&) = delete;
  Preparations& operator=(const Preparations&) = delete;
  ~Preparations() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

/// A copy whose number is none of those that the child gives a meaning.
Descriptor out_of_the_way(int descriptor) {
  Descriptor copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, memory_in_child + 1));
  if (copy.number() < 0)
    throw ModelError(fmt::format("cannot start another process: {}", std::strerror(errno)));
  return copy;
}

std::string signal_text(int signal) {
  const char* name = ::sigabbrev_np(signal);
  std::string text = fmt::format("was killed by signal {}", signal);
  if (name != nullptr) text += fmt::format(" (SIG{})", name);
  return text;
}

}  // namespace

std::string command_line(const Command& command) {
  std::vector<std::string> words;
  std::transform(command.shown().begin(), command.shown().end(), std::back_inserter(words),
                 shell_quoted);
  return boost::algorithm::join(words, " ");
}

Child::Child(const Command& command, const Descriptor& connection, int memory) : command_(command) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    throw ModelError(fmt::format("cannot start another process: {}", std::strerror(errno)));
  output_ = Descriptor(pipe[0]);
  const Descriptor printed(pipe[1]);
  ::fcntl(output_.number(), F_SETFL, O_NONBLOCK);

  const Descriptor to_connection = out_of_the_way(connection.number()),
                   to_memory = out_of_the_way(memory), to_output = out_of_the_way(printed.number());
  const Preparations preparations(command, to_connection.number(), to_memory.number(),
                                  to_output.number());
  std::vector<std::string> words = command.words;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int failure =
      ::posix_spawnp(&id_, arguments[0], &preparations.actions, &preparations.attributes,
                     arguments.data(), environment().data());
  if (failure != 0) {
    throw ModelError(fmt::format(
        "cannot start '{}'{}: {}; check the first word of the command{}", command.shown()[0],
        command.folder.empty() ? "" : fmt::format(" in the folder '{}'", command.folder),
        std::strerror(failure), command.folder.empty() ? "" : " and the folder"));
  }
  try {
    guard_.emplace(id_);
  } catch (...) {
    kill();
    throw;
  }
}

Child::~Child() {
  kill();
}

void Child::kill() {
  // The whole group: what the child started itself must not outlive it. Its number is not given to
  // another process before the child is waited for.
  if (!status_) ::kill(-id_, SIGKILL);
  while (!status_) {
    int status = 0;
    if (::waitpid(id_, &status, 0) == id_ || errno != EINTR) status_ = status;
  }
}

std::string Child::ended() {
  if (!status_) {
    siginfo_t info{};
    // Seen, but not waited for: the number of its group is still its own.
    const int seen = ::waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT);
    if (seen == 0 && info.si_pid == 0) return "";
    ::kill(-id_, SIGKILL);
    int status = 0;
    ::waitpid(id_, &status, 0);
    status_ = status;
  }
  if (WIFSIGNALED(*status_)) return signal_text(WTERMSIG(*status_));
  return fmt::format("ended with exit status {}", WEXITSTATUS(*status_));
}

void Child::wait_for_end(double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (ended().empty() && Clock::now() < end) {
    read_output();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void Child::read_output() {
  std::array<char, 4096> buffer{};
  while (output_.number() >= 0) {
    const ssize_t count = ::read(output_.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return output_.close();
    printed_.append(buffer.data(), static_cast<std::size_t>(count));
    if (printed_.size() > printed_bytes) printed_.erase(0, printed_.size() - printed_bytes);
  }
}

std::string Child::printed_last() const {
  namespace text = boost::algorithm;
  std::vector<std::string> lines;
  text::split(lines, with_variables_as_written(printed_, command_), text::is_any_of("\r\n"),
              text::token_compress_on);
  for (std::string& line : lines) text::trim(line);
  return one_line_utf8(
      text::join_if(lines, " | ", [](const std::string& line) { return !line.empty(); }));
}

}  // namespace dflare
