#pragma once

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/numbers.hpp"

// Kinds of values that can be given as text, from which the rows of options and settings are made.
namespace dflare {

template <class V>
struct ValueKind {
  std::string values;                                             ///< "a whole number, at least 1"
  std::function<std::optional<V>(const std::string& text)> read;  ///< none: it makes no sense
  std::function<std::string(const V&)> print;                     ///< what read() takes
};

inline ValueKind<std::string> text_kind(std::string values) {
  return {std::move(values), [](const std::string& text) { return text; },
          [](const std::string& value) { return value; }};
}

/// `sensible` says which numbers are; null: all.
template <class V>
ValueKind<V> number_kind(std::string values, std::function<bool(double)> sensible = nullptr) {
  return {std::move(values),
          [sensible](const std::string& text) {
            std::optional<V> value = number_in<V>(text);
            if (value && sensible && !sensible(static_cast<double>(*value))) value.reset();
            return value;
          },
          [](const V& value) { return fmt::format("{}", value); }};
}

/// A number, or the word `none` where there is none.
template <class V>
ValueKind<std::optional<V>> optional_kind(const std::string& none, const std::string& numbers,
                                          std::function<bool(double)> sensible = nullptr) {
  const ValueKind<V> number = number_kind<V>(numbers, std::move(sensible));
  using Value = std::optional<V>;
  return {none + ", or " + numbers,
          [none, number](const std::string& text) -> std::optional<Value> {
            if (text == none) return Value();
            const Value value = number.read(text);
            return value ? std::optional<Value>(value) : std::nullopt;
          },
          [none, number](const Value& value) { return value ? number.print(*value) : none; }};
}

/// One of some words.
template <class V>
ValueKind<V> choice_kind(const std::vector<std::pair<std::string, V>>& choices) {
  std::string values;
  for (const auto& choice : choices) values += (values.empty() ? "" : " | ") + choice.first;
  return {values,
          [choices](const std::string& text) -> std::optional<V> {
            for (const auto& [word, value] : choices) {
              if (word == text) return value;
            }
            return std::nullopt;
          },
          [choices](const V& value) {
            for (const auto& choice : choices) {
              if (choice.second == value) return choice.first;
            }
            return std::string("?");
          }};
}

inline ValueKind<bool> truth_kind() {
  return choice_kind<bool>({{"true", true}, {"false", false}});
}

}  // namespace dflare
