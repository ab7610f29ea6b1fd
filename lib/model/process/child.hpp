#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "dflare/model_source.hpp"
#include "model/process/guard.hpp"
#include "support/descriptor.hpp"

namespace dflare {

/// The command as a person would type it.
std::string command_line(const Command& command);

/// A program that was started as the leader of a process group of its own: an interrupt at the
/// terminal is for dflare alone, which then ends its children. The group ends with this process,
/// however that ends.
class Child {
 public:
  /// The two descriptors become the program's 3 and 4, and it gets no others. Throws ModelError
  /// where it cannot be started.
  Child(const Command& command, const Descriptor& connection, int memory);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Kills what is left of it.
  ~Child();

  pid_t id() const { return id_; }

  /// How it ended: "ended with exit status 3", "was killed by signal 9 (SIGKILL)"; empty while it
  /// runs.
  std::string ended();
  /// Waits for its end.
  void wait_for_end(double seconds);

  /// What it prints, on either of its outputs. Closed once nobody is left who could print.
  const Descriptor& output() const { return output_; }
  /// Takes in what there is to read, without waiting.
  void read_output();
  /// The end of what it printed, on one line; empty where it printed nothing.
  std::string printed_last() const;

 private:
  void kill();

  const Command command_;
  pid_t id_ = 0;
  Descriptor output_;
  std::string printed_;
  std::optional<int> status_;
  std::optional<Guard> guard_;  ///< a member of the group, which keeps the group's number in use
};

}  // namespace dflare
