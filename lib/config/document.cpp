#include "config/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "config/environment.hpp"
#include "config/yaml_progress.hpp"
#include "dflare/error.hpp"
#include "support/files.hpp"

namespace dflare::config {
namespace {

std::string text_of(const std::string& file, const std::string& kind) {
  try {
    return read_text_file(file);
  } catch (const Error& error) {
    throw ConfigError(
        fmt::format("{}: cannot be read; expected a {} (YAML): {}", file, kind, error.what()));
  }
}

/// A frequent cause of a YAML error: within {} and [], ${NAME} without quotes opens a map.
std::string variable_hint(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::size_t variable = line.find("${");
    if (variable == std::string::npos) continue;
    const std::string before = line.substr(0, variable);
    const bool quoted =
        std::count_if(before.begin(), before.end(), [](char c) { return c == '"' || c == '\''; }) %
            2 ==
        1;
    if (!quoted && before.find_first_of("{[") != std::string::npos &&
        before.find('#') == std::string::npos) {
      const std::string name = line.substr(variable, line.find('}', variable) + 1 - variable);
      return fmt::format("; line {}: within {{}} and [] put {} in quotes{}", number, name,
                         note_on_variables(name));
    }
  }
  return "";
}

/// An empty one, as behind a last '---', says nothing that could be missed.
std::vector<YAML::Node> with_content(const std::vector<YAML::Node>& documents) {
  std::vector<YAML::Node> kept;
  std::copy_if(documents.begin(), documents.end(), std::back_inserter(kept),
               [](const YAML::Node& document) { return !document.IsNull(); });
  return kept;
}

/// yaml-cpp reads the number in the host's locale, where a dot may stand between thousands.
std::string without_version(std::string text) {
  if (text.rfind("%YAML 1.", 0) == 0) text.front() = '#';
  return text;
}

void read_text(const std::string& text, const std::string& kind, Mistakes& mistakes,
               const std::function<void(const Entry& root, Mistakes& mistakes)>& read) {
  try {
    const std::string yaml = without_version(text);
    require_yaml_progress(yaml);
    const std::vector<YAML::Node> documents = with_content(YAML::LoadAll(yaml));
    const YAML::Node first = documents.empty() ? YAML::Load(yaml) : documents.front();
    read(Entry(first, "", first.Mark(), mistakes), mistakes);
    if (documents.size() > 1) {
      mistakes.add(documents[1].Mark(), "",
                   fmt::format("a second YAML document begins here (after '---', '...' or the end "
                               "of the first); a {} is one document: put all into the first, or "
                               "this into a file of its own",
                               kind));
    }
  } catch (const YAML::Exception& e) {
    mistakes.add(e.mark, "", "this is no YAML: " + e.msg + variable_hint(text));
  }
}

}  // namespace

void read_document(const std::string& file, const std::string& kind,
                   const std::function<void(const Entry& root, Mistakes& mistakes)>& read) {
  Mistakes mistakes(file);
  read_text(text_of(file, kind), kind, mistakes, read);
  if (mistakes.count() > 0) {
    throw ConfigError(fmt::format("{} mistake{} in the {}\n{}", mistakes.count(),
                                  mistakes.count() == 1 ? "" : "s", kind, mistakes.text()));
  }
}

}  // namespace dflare::config
