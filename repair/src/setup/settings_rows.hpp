#pragma once

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/option_row.hpp"
#include "dflare/repair.hpp"
#include "support/value_kinds.hpp"

namespace dflare::repair {

/// What a setting counts for.
enum class SettingRole {
  training,  ///< what is trained and how: a state of other values is of another repair
  judging,   ///< how the result is judged
  program    ///< files and threads: changes no result
};

/// A setting that is given as one word or number. Its name is that of its key in the YAML file:
/// "train.learning_rate".
using SettingRow = TableRow<Settings, SettingRole>;

/// All of them, in the order of the YAML file.
const std::vector<SettingRow>& settings_table();

/// A setting that makes no sense, by the name of its key.
struct SettingMistake {
  std::string key, what;
};
std::vector<SettingMistake> mistakes_of(const Settings& settings);

// Makers of rows. `place` gives the field of given settings, const or not.

struct AboutSetting {
  std::string name;
  std::string meaning;
  SettingRole role;
};

template <class V, class Place>
SettingRow setting_row(const AboutSetting& about, const ValueKind<V>& kind, Place place) {
  SettingRow row = {about.name, kind.values, about.meaning, about.role, "", {}, {}};
  row.set = [kind, place](Settings& s, const std::string& text) {
    const std::optional<V> value = kind.read(text);
    if (!value)
      throw ConfigError(fmt::format("'{}' makes no sense; expected {}", text, kind.values));
    place(s) = *value;
  };
  row.get = [kind, place](const Settings& s) { return kind.print(place(s)); };
  // Settings are as well set in C++; what its own text does not set again makes no sense.
  row.check = [set = row.set, get = row.get](const Settings& s) {
    Settings scratch;
    set(scratch, get(s));
  };
  return row;
}

/// `sensible` says which numbers are.
template <class Place>
SettingRow number_setting(const AboutSetting& about, const std::string& values, Place place,
                          std::function<bool(double)> sensible) {
  using V = std::decay_t<decltype(place(std::declval<Settings&>()))>;
  return setting_row(about, number_kind<V>(values, std::move(sensible)), place);
}

/// A number, or the word `none` where it is not given.
template <class Place>
SettingRow optional_setting(const AboutSetting& about, const std::string& none,
                            const std::string& numbers, Place place,
                            std::function<bool(double)> sensible) {
  return setting_row(about, optional_kind<double>(none, numbers, std::move(sensible)), place);
}

template <class Place, class V>
SettingRow choice_setting(const AboutSetting& about, Place place,
                          const std::vector<std::pair<std::string, V>>& choices) {
  return setting_row(about, choice_kind<V>(choices), place);
}

}  // namespace dflare::repair
