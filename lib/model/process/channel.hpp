#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "dflare/model_source.hpp"
#include "model/process/child.hpp"
#include "model/process/protocol.hpp"
#include "model/process/shared_memory.hpp"

namespace dflare {

/// A child with what connects it to us. What it does wrong is thrown as ChildFailure, after which
/// the channel is good for nothing but printed_last().
class Channel {
 public:
  /// Starts it and does not wait. Throws ModelError where it cannot be started.
  Channel(const Command& command, const ProcessLimits& limits);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  /// Lets the child end by itself for a second, unless it was abandoned.
  ~Channel();

  /// Sends the message and waits for the answer.
  nlohmann::json ask(const nlohmann::json& message);
  /// Waits for the child's first message.
  nlohmann::json hello();

  /// Says that the child deserves no second more.
  void abandon() { abandoned_ = true; }
  SharedMemory& memory() { return memory_; }
  std::string printed_last();

 private:
  nlohmann::json receive(double seconds, const char* late);
  void wait_for_more(int milliseconds);
  void send(const std::string& line);
  void read_messages();
  void check_memory();
  bool has_message() const;
  [[noreturn]] void break_protocol(const std::string& what);
  [[noreturn]] void fail_as_ended();

  ProcessLimits limits_;
  SharedMemory memory_;
  std::array<Descriptor, 2> ends_;  ///< ours and the child's
  Child child_;
  std::string received_;
  bool closed_ = false, greeted_ = false, abandoned_ = false;
};

}  // namespace dflare
