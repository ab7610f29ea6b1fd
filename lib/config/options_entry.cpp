#include "config/options_entry.hpp"

#include <algorithm>
#include <iterator>

#include "config/environment.hpp"
#include "config/preset.hpp"
#include "dflare/error.hpp"

namespace dflare::config {

namespace {

bool is_path(const std::string& option, const std::string& text) {
  const auto& table = options_table();
  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const OptionRow& r) { return r.name == option; });
  return row != table.end() && row->is_path && row->is_path(text);
}

}  // namespace

void read_options(const Entry& entry, Options& options) {
  for (const auto& [name, value] : entry.entries({})) {
    auto text = value.text("a value");
    if (text && is_path(name, *text)) text = value.path();
    if (!text) continue;
    try {
      set_option(options, name, *text);
    } catch (const ConfigError& e) {
      value.mistake(e.what() + note_on_variables(*text));
    }
  }
}

void read_preset(const Entry& entry, Options& options) {
  const auto name = entry.text("the name of a preset");
  if (!name) return;
  try {
    apply_preset(*name, options);
  } catch (const ConfigError& e) {
    entry.mistake(e.what());
  }
}

std::vector<std::pair<std::string, Entry>> preset_first(const Entry& entry,
                                                        const std::vector<std::string>& known) {
  const auto entries = entry.entries(known);
  // Copied and not sorted: assignment to a node of yaml-cpp changes the document.
  std::vector<std::pair<std::string, Entry>> ordered;
  for (const bool presets : {true, false}) {
    std::copy_if(entries.begin(), entries.end(), std::back_inserter(ordered),
                 [presets](const auto& e) { return (e.first == "preset") == presets; });
  }
  return ordered;
}

}  // namespace dflare::config
