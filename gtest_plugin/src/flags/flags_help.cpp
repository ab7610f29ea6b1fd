#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/split.hpp>

#include "flags/flags.hpp"

namespace dflare::gtest {
namespace {

constexpr std::size_t width = 80;

/// Lines of at most `width` columns, indented.
std::string wrapped(const std::string& text, const std::string& indent) {
  std::vector<std::string> words;
  boost::split(words, text, boost::is_any_of(" "));
  std::string lines, line = indent;
  for (const std::string& word : words) {
    const bool first = line.size() == indent.size();
    if (!first && line.size() + 1 + word.size() > width) {
      lines += line + "\n";
      line = indent + word;
    } else {
      line += (first ? "" : " ") + word;
    }
  }
  return lines + line + "\n";
}

/// "FOLDER", "FILE": it says by itself what is expected.
bool is_placeholder(const std::string& value) {
  return std::all_of(value.begin(), value.end(), boost::is_upper());
}

std::string help_of(const FlagRow& row) {
  const bool placeholder = is_placeholder(row.value);
  const std::string value = row.is_switch ? "" : placeholder ? "=" + row.value : "=VALUE";
  std::string text = row.meaning;
  if (!placeholder && !row.is_switch)
    text += " Values: " + row.value + (boost::ends_with(row.value, ".") ? "" : ".");
  if (!row.is_switch) text += " Default: " + (row.default_text.empty() ? "none" : row.default_text);
  return fmt::format("  {}{}{}\n", flag_prefix, row.name, value) + wrapped(text, "      ");
}

}  // namespace

std::string flags_help(Program program) {
  std::string text, group;
  for (const FlagRow& row : flag_table()) {
    if (row.runner_only && program == Program::user_tests) continue;
    if (row.group != group) text += "\n" + row.group + "\n";
    group = row.group;
    text += help_of(row);
  }
  return text;
}

}  // namespace dflare::gtest
