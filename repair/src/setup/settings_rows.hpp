#pragma once

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/repair.hpp"
#include "support/numbers.hpp"

namespace dflare::repair {

/// A setting that is given as one word or number. Its name is that of its key in the YAML file.
struct SettingRow {
  std::string name;                                             ///< "train.learning_rate"
  std::string values;                                           ///< "a number above 0"
  std::string meaning;                                          ///< one sentence
  std::function<void(Settings&, const std::string& text)> set;  ///< throws ConfigError
  std::function<std::string(const Settings&)> get;
};

/// All of them, in the order of the YAML file.
const std::vector<SettingRow>& settings_table();

/// A setting that makes no sense, by the name of its key.
struct SettingMistake {
  std::string key, what;
};
std::vector<SettingMistake> mistakes_of(const Settings& settings);

// Makers of rows. `place` gives the field of given settings, const or not.

inline ConfigError bad_setting(const std::string& text, const std::string& values) {
  return ConfigError(fmt::format("'{}' makes no sense; expected {}", text, values));
}

template <class T>
T setting_number(const std::string& text, const std::string& values) {
  const std::optional<T> value = number_in<T>(text);
  if (!value) throw bad_setting(text, values);
  return *value;
}

/// `sensible` says which numbers are.
template <class Place>
SettingRow number_setting(std::string name, const std::string& values, std::string meaning,
                          Place place, std::function<bool(double)> sensible) {
  using T = std::decay_t<decltype(place(std::declval<Settings&>()))>;
  return {std::move(name), values, std::move(meaning),
          [=](Settings& s, const std::string& text) {
            const T value = setting_number<T>(text, values);
            if (!sensible(static_cast<double>(value))) throw bad_setting(text, values);
            place(s) = value;
          },
          [=](const Settings& s) { return fmt::format("{}", place(s)); }};
}

/// A number, or `none` where it is not given.
template <class Place>
SettingRow optional_setting(std::string name, const std::string& none, const std::string& numbers,
                            std::string meaning, Place place,
                            std::function<bool(double)> sensible) {
  const std::string values = none + ", or " + numbers;
  return {std::move(name), values, std::move(meaning),
          [=](Settings& s, const std::string& text) {
            std::optional<double> value;
            if (text != none) value = setting_number<double>(text, values);
            if (value && !sensible(*value)) throw bad_setting(text, values);
            place(s) = value;
          },
          [=](const Settings& s) { return place(s) ? fmt::format("{}", *place(s)) : none; }};
}

template <class Place, class T>
SettingRow choice_setting(std::string name, std::string meaning, Place place,
                          const std::vector<std::pair<std::string, T>>& choices) {
  std::string values;
  for (const auto& choice : choices) values += (values.empty() ? "" : " | ") + choice.first;
  return {std::move(name), values, std::move(meaning),
          [=](Settings& s, const std::string& text) {
            for (const auto& [word, value] : choices) {
              if (word != text) continue;
              place(s) = value;
              return;
            }
            throw bad_setting(text, values);
          },
          [=](const Settings& s) {
            for (const auto& [word, value] : choices) {
              if (value == place(s)) return word;
            }
            return std::string("?");
          }};
}

}  // namespace dflare::repair
