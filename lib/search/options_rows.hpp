#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/options.hpp"
#include "support/numbers.hpp"

// Makers of the rows of options_table().
namespace dflare {

template <class T>
using Setter = Options& (Options::*)(T);
template <class T>
using Getter = const T& (Options::*)() const;

[[noreturn]] inline void bad_value(const std::string& name, const std::string& text,
                                   const std::string& values) {
  throw ConfigError(fmt::format("option {}: '{}' makes no sense; expected {}", name, text, values));
}

inline OptionRow text_row(std::string name, std::string values, std::string meaning, bool changes,
                          Setter<std::string> setter, Getter<std::string> getter) {
  return {std::move(name),
          std::move(values),
          std::move(meaning),
          changes,
          [setter](Options& o, const std::string& text) { (o.*setter)(text); },
          [getter](const Options& o) { return (o.*getter)(); }};
}

template <class T>
T number_from(const std::string& name, const std::string& text, const std::string& values) {
  const std::optional<T> value = number_in<T>(text);
  if (!value) bad_value(name, text, values);
  return *value;
}

template <class T>
OptionRow number_row(std::string name, std::string values, std::string meaning, bool changes,
                     Setter<T> setter, Getter<T> getter) {
  return {name,
          values,
          std::move(meaning),
          changes,
          [name, values, setter](Options& o, const std::string& text) {
            (o.*setter)(number_from<T>(name, text, values));
          },
          [getter](const Options& o) { return fmt::format("{}", (o.*getter)()); }};
}

/// A limit that is one of a group (constraints, ranges), each of which may be "none".
template <class Group, class T>
OptionRow limit_row(std::string name, const std::string& numbers, std::string meaning,
                    Setter<Group> setter, Getter<Group> getter, std::optional<T> Group::*limit) {
  const std::string values = "none, or " + numbers;
  return {name,
          values,
          std::move(meaning),
          true,
          [name, values, setter, getter, limit](Options& o, const std::string& text) {
            Group group = (o.*getter)();
            group.*limit = std::nullopt;
            if (text != "none") group.*limit = number_from<T>(name, text, values);
            (o.*setter)(group);
          },
          [getter, limit](const Options& o) {
            const std::optional<T>& value = (o.*getter)().*limit;
            return value ? fmt::format("{}", *value) : std::string("none");
          }};
}

template <class T>
OptionRow choice_row(std::string name, std::string meaning, bool changes,
                     std::vector<std::pair<std::string, T>> choices, Setter<T> setter,
                     Getter<T> getter) {
  std::string values;
  for (const auto& choice : choices) values += (values.empty() ? "" : " | ") + choice.first;
  return {name,
          values,
          std::move(meaning),
          changes,
          [name, values, choices, setter](Options& o, const std::string& text) {
            for (const auto& [word, value] : choices) {
              if (word == text) return void((o.*setter)(value));
            }
            bad_value(name, text, values);
          },
          [choices, getter](const Options& o) {
            for (const auto& [word, value] : choices) {
              if (value == (o.*getter)()) return word;
            }
            return std::string();
          }};
}

inline OptionRow flag_row(std::string name, std::string meaning, bool changes, Setter<bool> setter,
                          Getter<bool> getter) {
  return choice_row<bool>(std::move(name), std::move(meaning), changes,
                          {{"true", true}, {"false", false}}, setter, getter);
}

}  // namespace dflare
