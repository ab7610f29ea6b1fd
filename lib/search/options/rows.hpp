#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/options.hpp"
#include "support/value_kinds.hpp"

// Makers of the rows of options_table().
namespace dflare {

/// What help lists options under.
namespace heading {
constexpr const char* searched = "What to search";
constexpr const char* counted = "What counts";
constexpr const char* written = "What to write";
constexpr const char* corpus = "Corpus";
constexpr const char* budgets = "Budgets and machine";
constexpr const char* of_the_paper = "Switches of the paper's strategy";
}  // namespace heading

/// What a row says of an option, apart from its values.
struct AboutOption {
  std::string name;
  std::string meaning;
  OptionRole role;
  std::string heading;
};

template <class T>
using Setter = Options& (Options::*)(T);
template <class T>
using Getter = const T& (Options::*)() const;

[[noreturn]] inline void bad_value(const std::string& name, const std::string& text,
                                   const std::string& values) {
  throw ConfigError(fmt::format("option {}: '{}' makes no sense; expected {}", name, text, values));
}

template <class T>
T value_from(const std::string& name, const std::string& text, const ValueKind<T>& kind) {
  const std::optional<T> value = kind.read(text);
  if (!value) bad_value(name, text, kind.values);
  return *value;
}

template <class T>
OptionRow option_row(const AboutOption& about, ValueKind<T> kind, Setter<T> setter,
                     Getter<T> getter) {
  OptionRow row = {about.name, kind.values, about.meaning, about.role, about.heading, {}, {}};
  row.set = [name = about.name, kind, setter](Options& o, const std::string& text) {
    (o.*setter)(value_from(name, text, kind));
  };
  row.get = [kind = std::move(kind), getter](const Options& o) {
    return kind.print((o.*getter)());
  };
  return row;
}

inline OptionRow truth_row(const AboutOption& about, Setter<bool> setter, Getter<bool> getter) {
  return option_row<bool>(about, truth_kind(), setter, getter);
}

/// At least 1.
inline OptionRow count_row(const AboutOption& about, Setter<int> setter, Getter<int> getter) {
  OptionRow row =
      option_row<int>(about, number_kind<int>("a whole number, at least 1"), setter, getter);
  row.check = [name = about.name, getter](const Options& o) {
    if ((o.*getter)() < 1)
      throw ConfigError(
          fmt::format("option {}: {} is too small; expected a whole number of at least 1", name,
                      (o.*getter)()));
  };
  return row;
}

/// A limit that is one of a group (constraints, ranges), each of which may be "none".
template <class Group, class T>
OptionRow limit_row(const AboutOption& about, const std::string& numbers, Setter<Group> setter,
                    Getter<Group> getter, std::optional<T> Group::*limit) {
  const ValueKind<std::optional<T>> kind = optional_kind<T>("none", numbers);
  OptionRow row = {about.name, kind.values, about.meaning, about.role, about.heading, {}, {}};
  row.set = [name = about.name, kind, setter, getter, limit](Options& o, const std::string& text) {
    Group group = (o.*getter)();
    group.*limit = value_from(name, text, kind);
    (o.*setter)(group);
  };
  row.get = [kind, getter, limit](const Options& o) { return kind.print((o.*getter)().*limit); };
  row.check = [getter](const Options& o) { (o.*getter)().check(); };
  return row;
}

// The rows, by whose they are; those of strategies are in the strategies' own files.
std::vector<OptionRow> search_rows();
std::vector<OptionRow> deviation_rows();
std::vector<OptionRow> range_rows();
std::vector<OptionRow> budget_rows();
std::vector<OptionRow> harness_rows();

/// The name of a range that is given, for messages; empty where none is.
std::string given_range(const Options& options);

}  // namespace dflare
