#pragma once

#include <string>

#include "dflare/model_source.hpp"
#include "model/circuit_breaker.hpp"
#include "model/process/channel.hpp"
#include "model/process/protocol.hpp"

namespace dflare {

/// What all replicas of a model in a process have in common: the command, and what its first child
/// said of itself.
struct Service {
  Command command;
  ProcessLimits limits;
  /// Whether it is dflare's own host: fed with 8-bit images, it answers what predict() is to
  /// return.
  bool isolated = false;
  Hello hello = {};
  /// Of all its children: of those that did not say hello, and of all that failed. A child that
  /// failed is replaced by a new one, but not for ever.
  CircuitBreaker starts, answers;

  Service();
};

/// Throws ConfigError for limits that make no sense.
void check(const ProcessLimits& limits);

/// Waits for the hello. Throws ModelError.
Hello greet(Channel& child);

/// A failure as users read it: what the child did, what it printed last, and what to do.
std::string explain(Channel& child, const ChildFailure& failure, const std::string& when);

}  // namespace dflare
