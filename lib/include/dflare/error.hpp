#pragma once

/// @file
/// The exceptions that dflare throws.

#include <stdexcept>
#include <string>

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
  using Error::Error;
};

/// A finding cannot be written, read or replayed.
class FindingError : public Error {
 public:
  using Error::Error;
};

}  // namespace dflare
