#include "config/map_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <cmath>
#include <set>

#include "config/environment.hpp"
#include "dflare/error.hpp"
#include "program/environment.hpp"
#include "support/names.hpp"
#include "support/numbers.hpp"

namespace dflare::config {

void Mistakes::add(const YAML::Mark& mark, const std::string& key, const std::string& what) {
  const int line = std::max(mark.line, 0) + 1;  // an empty document has none
  lines_.push_back(
      {line, key, fmt::format("{}:{}: {}{}{}", file_, line, key, key.empty() ? "" : ": ", what)});
}

bool Mistakes::any_in(const std::string& key) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
    if (line.key.compare(0, key.size(), key) != 0) return false;
    return line.key.size() == key.size() || line.key[key.size()] == '.' ||
           line.key[key.size()] == '[';
  });
}

std::string Mistakes::text() const {
  auto lines = lines_;
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.number < b.number; });
  std::string text;
  for (const Line& line : lines) text += (text.empty() ? "" : "\n") + line.text;
  return text;
}

void Entry::senseless(const std::string& expected) const {
  mistake(fmt::format("{} makes no sense; expected {}{}", seen(), expected,
                      node_.IsScalar() ? note_on_variables(node_.Scalar()) : ""));
}

std::string Entry::seen() const {
  if (node_.IsMap()) return "a map";
  if (node_.IsSequence()) return "a list";
  if (!node_.IsDefined() || node_.IsNull()) return "nothing";
  return "'" + node_.Scalar() + "'";
}

std::optional<std::string> Entry::text(const std::string& expected) const {
  if (node_.IsScalar() && !node_.Scalar().empty()) return node_.Scalar();
  mistake(fmt::format("{} where {} was expected", seen(), expected));
  return std::nullopt;
}

std::optional<std::int64_t> Entry::whole_number(std::int64_t least, std::int64_t most) const {
  const auto value = node_.IsScalar() ? number_in<std::int64_t>(node_.Scalar()) : std::nullopt;
  if (value && *value >= least && *value <= most) return value;
  const std::string range = most == std::numeric_limits<std::int64_t>::max()
                                ? fmt::format("{} or more", least)
                                : fmt::format("{} to {}", least, most);
  senseless("a whole number, " + range);
  return std::nullopt;
}

std::optional<double> Entry::number(double least, double most) const {
  const auto value = node_.IsScalar() ? number_in<double>(node_.Scalar()) : std::nullopt;
  if (value && *value >= least && *value <= most) return value;
  const std::string range = most == std::numeric_limits<double>::max()
                                ? fmt::format("{} or more", least)
                                : fmt::format("{} to {}", least, most);
  senseless("a number, " + range);
  return std::nullopt;
}

std::optional<bool> Entry::truth() const {
  if (node_.IsScalar() && node_.Scalar() == "true") return true;
  if (node_.IsScalar() && node_.Scalar() == "false") return false;
  senseless("true or false");
  return std::nullopt;
}

std::optional<std::size_t> Entry::choice(const std::string& kind,
                                         const std::vector<std::string>& words) const {
  const auto given = text();
  if (!given) return std::nullopt;
  const auto place = std::find(words.begin(), words.end(), *given);
  if (place != words.end()) return static_cast<std::size_t>(place - words.begin());
  mistake(unknown_name(kind, *given, words) + note_on_variables(*given));
  return std::nullopt;
}

std::optional<std::vector<float>> Entry::numbers() const {
  std::vector<float> values;
  const auto read = [&values](const YAML::Node& node) {
    const auto value = node.IsScalar() ? number_in<float>(node.Scalar()) : std::nullopt;
    if (!value || !std::isfinite(*value)) return false;
    values.push_back(*value);
    return true;
  };
  if (node_.IsScalar() && read(node_)) return values;
  if (node_.IsSequence() && node_.size() > 0 && std::all_of(node_.begin(), node_.end(), read))
    return values;
  senseless("a number or a list of numbers");
  return std::nullopt;
}

std::optional<std::string> Entry::expanded(const std::string& expected) const {
  const auto given = text(expected);
  if (!given) return std::nullopt;
  try {
    return expand_environment(*given);
  } catch (const ConfigError& e) {
    mistake(e.what());
    return std::nullopt;
  }
}

std::string Entry::folder() const {
  return boost::filesystem::absolute(mistakes_->file()).parent_path().string();
}

std::optional<std::string> Entry::path() const {
  const auto given = expanded("a path");
  if (!given) return std::nullopt;
  return boost::filesystem::absolute(*given, folder()).lexically_normal().string();
}

std::vector<Entry> Entry::items() const {
  std::vector<Entry> items;
  if (!node_.IsSequence()) {
    mistake(fmt::format("{} where a list was expected", seen()));
    return items;
  }
  for (std::size_t i = 0; i < node_.size(); ++i) {
    items.emplace_back(node_[i], fmt::format("{}[{}]", key_, i), node_[i].Mark(), *mistakes_);
  }
  return items;
}

std::vector<std::pair<std::string, Entry>> Entry::entries(
    const std::vector<std::string>& known) const {
  std::vector<std::pair<std::string, Entry>> entries;
  if (!node_.IsMap()) {
    mistake(fmt::format("{} where a map of keys and values was expected", seen()));
    return entries;
  }
  std::set<std::string> seen_keys;
  for (const auto& item : node_) {
    const std::string name = item.first.IsScalar() ? item.first.Scalar() : "?";
    const Entry entry(item.second, key_.empty() ? name : key_ + "." + name, item.first.Mark(),
                      *mistakes_);
    if (name == "<<") {
      entry.mistake("merge keys are not read: use defaults, in a manifest, or write the keys out");
    } else if (!known.empty() && std::find(known.begin(), known.end(), name) == known.end()) {
      entry.mistake(unknown_name("key", name, known));
    } else if (!seen_keys.insert(name).second) {
      entry.mistake("this key is given twice; keep one of them");
    } else {
      entries.emplace_back(name, entry);
    }
  }
  return entries;
}

std::optional<Entry> Entry::find(const std::string& name) const {
  if (!node_.IsMap()) return std::nullopt;
  for (const auto& item : node_) {
    if (item.first.IsScalar() && item.first.Scalar() == name)
      return Entry(item.second, key_.empty() ? name : key_ + "." + name, item.first.Mark(),
                   *mistakes_);
  }
  return std::nullopt;
}

}  // namespace dflare::config
