#include "model/process/channel.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "support/json.hpp"

namespace dflare {
namespace {

using Clock = std::chrono::steady_clock;

// How often the child's memory and life are looked at.
constexpr int tick_milliseconds = 20;
constexpr double seconds_to_end = 1;

std::array<Descriptor, 2> socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw ModelError(fmt::format("cannot start another process: {}", std::strerror(errno)));
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// The most memory that the process ever held, or one that it started; 0 where it cannot be known
/// (any more).
long peak_kib(const std::string& process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  long peak = 0;
  for (std::string key; status >> key; status.ignore(1000, '\n')) {
    if (key == "VmHWM:" && status >> peak) break;
  }
  std::ifstream children(fmt::format("/proc/{}/task/{}/children", process, process));
  for (std::string child; children >> child;) peak = std::max(peak, peak_kib(child));
  return peak;
}

std::string start_of(const std::string& text) {
  return one_line_utf8(text.substr(0, 100));
}

}  // namespace

Channel::Channel(const Command& command, const ProcessLimits& limits)
    : limits_(limits), ends_(socket_pair()), child_(command, ends_[1], memory_.descriptor()) {
  ends_[1].close();
}

Channel::~Channel() {
  if (abandoned_) return;
  ends_[0].close();
  child_.wait_for_end(seconds_to_end);
}

std::string Channel::printed_last() {
  child_.read_output();
  return child_.printed_last();
}

nlohmann::json Channel::hello() {
  nlohmann::json message =
      receive(limits_.start_seconds, "did not say hello within {} s (limits: start_seconds)");
  greeted_ = true;
  return message;
}

nlohmann::json Channel::ask(const nlohmann::json& message) {
  read_messages();
  if (!received_.empty())
    break_protocol(fmt::format("wrote '{}' without being asked", start_of(received_)));
  send(message.dump() + "\n");
  return receive(limits_.answer_seconds, "did not answer within {} s (limits: answer_seconds)");
}

void Channel::send(const std::string& line) {
  // Never more than one message is on its way, so that it fits into the socket's buffer.
  const ssize_t sent =
      ::send(ends_[0].number(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent == static_cast<ssize_t>(line.size())) return;
  if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) fail_as_ended();
  throw ChildFailure("does not read what it is sent");
}

nlohmann::json Channel::receive(double seconds, const char* late) {
  const auto deadline = Clock::now() + std::chrono::duration<double>(seconds);
  while (!has_message()) {
    if (received_.size() > longest_message)
      break_protocol(fmt::format("wrote {} bytes without an end of line", received_.size()));
    if (closed_ || !child_.ended().empty()) {
      read_messages();  // what it wrote before
      if (!has_message()) fail_as_ended();
      break;
    }
    check_memory();
    // An answer may be about to come, and is kept; a start may take minutes, for nothing.
    if (!greeted_ && interrupted()) {
      throw ChildFailure("had not said hello when dflare was interrupted", "start dflare again");
    }
    if (Clock::now() >= deadline)
      throw ChildFailure(fmt::format(late, seconds), "raise the limit if it only needs longer");
    wait_for_more(tick_milliseconds);
  }
  check_memory();
  const std::size_t end = received_.find('\n');
  const std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  try {
    return parse_json(line);
  } catch (const JsonError&) {
    break_protocol(fmt::format("wrote '{}', expected one line of JSON", start_of(line)));
  }
}

void Channel::wait_for_more(int milliseconds) {
  std::array<pollfd, 2> sources = {
      {{ends_[0].number(), POLLIN, 0}, {child_.output().number(), POLLIN, 0}}};
  ::poll(sources.data(), sources.size(), milliseconds);
  child_.read_output();
  read_messages();
}

void Channel::read_messages() {
  std::array<char, 4096> buffer{};
  while (!closed_ && received_.size() <= longest_message) {
    const ssize_t count = ::recv(ends_[0].number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0)
      closed_ = true;
    else
      received_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void Channel::check_memory() {
  if (limits_.memory_mib <= 0) return;
  constexpr long kib_a_mib = 1024;
  if (peak_kib(std::to_string(child_.id())) <= limits_.memory_mib * kib_a_mib) return;
  throw ChildFailure(fmt::format("used more than {} MiB (limits: memory_mib)", limits_.memory_mib),
                     "raise the limit, or make the model use less memory");
}

bool Channel::has_message() const {
  return received_.find('\n') != std::string::npos;
}

void Channel::break_protocol(const std::string& what) {
  throw ChildFailure("broke the protocol: it " + what);
}

void Channel::fail_as_ended() {
  child_.wait_for_end(seconds_to_end);
  child_.read_output();
  const std::string end = child_.ended();
  const char* when = greeted_ ? "" : " before it said hello";
  if (end.empty()) throw ChildFailure(fmt::format("closed its end of the connection{}", when));
  throw ChildFailure(
      end + when,
      greeted_
          ? "find out why it ends, for example by evaluating that image without dflare"
          : "the command must answer for the model until it is asked no more (docs/process.md)");
}

}  // namespace dflare
