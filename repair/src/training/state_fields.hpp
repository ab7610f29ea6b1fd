#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/json.hpp"

namespace dflare::repair {

/// A state's file that makes no sense: which of its fields, and why.
struct StateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A value in a state's JSON that knows where it stands: "rounds[1].loss". All throw StateError.
class StateField {
 public:
  /// The whole JSON, whose fields have no more than their names. It must outlive this.
  explicit StateField(const nlohmann::json& value) : value_(value) {}

  /// The member `name` of an object.
  StateField at(const char* name) const;
  /// The items of a list.
  std::vector<StateField> items() const;
  bool is_null() const { return value_.is_null(); }
  /// As json_value() has it.
  template <class T>
  T as() const {
    try {
      return json_value<T>(value_);
    } catch (const JsonError& error) {
      refuse(error.what());
    }
  }
  /// What state_bits() made of it.
  double number() const;

  [[noreturn]] void refuse(const std::string& why) const;

 private:
  StateField(const nlohmann::json& value, std::string name)
      : value_(value), name_(std::move(name)) {}

  const nlohmann::json& value_;
  std::string name_;
};

/// JSON has no infinity, and its readers may round: a number's bits.
std::uint64_t state_bits(double value);

}  // namespace dflare::repair
