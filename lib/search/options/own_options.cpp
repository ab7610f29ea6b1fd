#include "search/options/rows.hpp"

namespace dflare {
namespace {

/// What is at its default counts as not given, so that it can be taken back.
template <class V>
OptionRow own_row(const std::string& name, const std::string& meaning, const ValueKind<V>& kind,
                  const V& otherwise) {
  const std::string default_text = kind.print(otherwise);
  value_from(name, default_text, kind);
  OptionRow row = {name, kind.values, meaning, OptionRole::search, "", {}, {}};
  row.set = [=](Options& o, const std::string& text) {
    const std::string value = kind.print(value_from(name, text, kind));
    Options::OwnTexts own = o.own();
    own.erase(name);
    if (value != default_text) own.emplace(name, value);
    o.own(std::move(own));
  };
  row.get = [=](const Options& o) {
    const auto given = o.own().find(name);
    return given == o.own().end() ? default_text : given->second;
  };
  row.check = [=](const Options& o) {
    const auto given = o.own().find(name);
    if (given != o.own().end()) value_from(name, given->second, kind);
  };
  return row;
}

std::function<bool(double)> within(double least, double most) {
  return [=](double value) { return value >= least && value <= most; };
}

}  // namespace

OptionRow whole_number_option(const std::string& name, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most, const std::string& meaning) {
  return own_row(
      name, meaning,
      number_kind<std::int64_t>(fmt::format("a whole number, {} to {}", least, most),
                                within(static_cast<double>(least), static_cast<double>(most))),
      otherwise);
}

OptionRow number_option(const std::string& name, double otherwise, double least, double most,
                        const std::string& meaning) {
  return own_row(
      name, meaning,
      number_kind<double>(fmt::format("a number, {} to {}", least, most), within(least, most)),
      otherwise);
}

OptionRow choice_option(const std::string& name, const std::vector<std::string>& choices,
                        const std::string& meaning) {
  if (choices.empty())
    throw ConfigError(fmt::format("option {}: expected at least one choice", name));
  std::vector<std::pair<std::string, std::string>> words;
  for (const std::string& choice : choices) words.emplace_back(choice, choice);
  return own_row(name, meaning, choice_kind<std::string>(words), choices.front());
}

}  // namespace dflare
