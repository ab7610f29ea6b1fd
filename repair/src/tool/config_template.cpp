#include "tool/config_template.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "setup/settings_rows.hpp"

namespace dflare::repair {
namespace {

constexpr std::size_t comment_column = 30;

std::string line(std::size_t depth, const std::string& key, const std::string& value,
                 const std::string& comment) {
  return fmt::format("{:<{}} # {}\n",
                     std::string(2 * depth, ' ') + key + ":" + (value.empty() ? "" : " " + value),
                     comment_column, comment);
}

std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string default_of(const std::string& option) {
  const auto& table = options_table();
  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const OptionRow& r) { return r.name == option; });
  return row == table.end() ? "?" : row->get(Settings::default_search());
}

std::string sections() {
  std::string text;
  std::vector<std::string> open;  // sections that the line before stands in
  for (const SettingRow& row : settings_table()) {
    std::vector<std::string> parts = parts_of(row.name);
    const std::string key = parts.back();
    parts.pop_back();
    std::size_t same = 0;
    while (same < open.size() && same < parts.size() && open[same] == parts[same]) ++same;
    if (same == 0 && !(parts.empty() && open.empty() && !text.empty())) text += '\n';
    for (std::size_t depth = same; depth < parts.size(); ++depth)
      text += std::string(2 * depth, ' ') + parts[depth] + ":\n";
    open = parts;
    text += line(parts.size(), key, row.get(Settings()), row.values + ". " + row.meaning);
  }
  return text;
}

}  // namespace

std::string config_template() {
  std::string text =
      R"(# Configuration of dflare-repair. Paths are relative to this file; ${NAME} is the environment's.
# What is commented out with '#~' is optional; all other values below kind are the defaults.
dflare_repair: 1               # version of this format
original: original.pt          # a path, or {file, input}
compressed: compressed.pt      # a path, or {file, engine, input}
#~input: {}                    # of both models: channels, size, mean, std, range, layout, output, resize
seeds: {folder: training}      # searched and trained on; folder, idx or cifar10, as in a manifest
unseen: {folder: unseen}       # of the re-test; no image may be in seeds
#~test: {folder: test}         # for agreement with the original, and accuracy where it has labels
#~corpus: findings             # folder of findings on this pair, to train on instead of searching
out: repair                    # folder for the reports, the findings and the repaired model
#~repaired: repaired.pt        # file of the repaired model; left out: repaired.pt in out

search:                        # of the training seeds; any option of dflare-test
)";
  for (const char* option : {"objective", "queries"}) {
    const auto& table = options_table();
    const auto row = std::find_if(table.begin(), table.end(),
                                  [&](const OptionRow& r) { return r.name == option; });
    text += line(1, option, default_of(option), row->values + ". " + row->meaning);
  }
  return text + sections();
}

}  // namespace dflare::repair
