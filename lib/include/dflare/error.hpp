#pragma once

/// @file
/// The exceptions that dflare throws.

#include <stdexcept>
#include <string>
#include <utility>

namespace dflare {

/// Base of every exception that dflare throws. The message is meant for the person at the terminal:
/// it names the file or value, says what was expected, and what to do about it.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An argument, option or configuration is wrong.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A seed input cannot be found, read or decoded.
class SeedError : public Error {
 public:
  using Error::Error;
};

/// A model cannot be loaded, rejects its input, or answers what is no N x classes matrix of scores.
class ModelError : public Error {
 public:
  /// Where it is not known yet which model it is: what() is the reason alone.
  explicit ModelError(const std::string& reason) : Error(reason), reason_(reason) {}
  /// what() is "model 'NAME': REASON".
  ModelError(const std::string& model, const std::string& reason)
      : ModelError(model, reason, "model '" + model + "': " + reason) {}
  /// what() is the message, which says both in other words.
  ModelError(std::string model, std::string reason, const std::string& message)
      : Error(message), model_(std::move(model)), reason_(std::move(reason)) {}

  const std::string& model() const { return model_; }    ///< ModelInfo::name; empty: not known
  const std::string& reason() const { return reason_; }  ///< without the name; never empty

 private:
  std::string model_, reason_;
};

/// A finding cannot be written, read or replayed.
class FindingError : public Error {
 public:
  using Error::Error;
};

}  // namespace dflare
