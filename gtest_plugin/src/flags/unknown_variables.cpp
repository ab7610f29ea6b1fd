#include "flags/unknown_variables.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cstdio>

#include "flags/flags.hpp"
#include "program/plain_text.hpp"
#include "support/names.hpp"

namespace dflare::gtest {
namespace {

const std::string prefix = "DFLARE_";

/// Without the prefix.
std::vector<std::string> variables_of_flags() {
  std::vector<std::string> names;
  for (const FlagRow& row : flag_table())
    names.push_back(flag_variable(row.name).substr(prefix.size()));
  return names;
}

/// Read by the library, the tests, the scripts and the build.
bool is_of_something_else(const std::string& name) {
  static const std::vector<std::string> others = {
      "DFLARE_HOST", "DFLARE_PROTOCOL",     "DFLARE_COMMIT",   "DFLARE_DATA",
      "DFLARE_ROOT", "DFLARE_REQUIRE_DATA", "DFLARE_CROPS",    "DFLARE_SERVE_MODEL",
      "DFLARE_FUZZ", "DFLARE_INSTALL",      "DFLARE_SANITIZE", "DFLARE_WERROR"};
  static const std::vector<std::string> families = {"DFLARE_BUILD", "DFLARE_PYTHON_",
                                                    "DFLARE_WITH_"};
  return std::count(others.begin(), others.end(), name) > 0 ||
         std::any_of(families.begin(), families.end(),
                     [&](const std::string& family) { return boost::starts_with(name, family); });
}

}  // namespace

std::vector<std::string> unknown_variables(const std::string& manifest) {
  const std::vector<std::string> known = variables_of_flags();
  std::vector<std::string> warnings;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry, name = text.substr(0, text.find('='));
    if (!boost::starts_with(name, prefix) || is_of_something_else(name)) continue;
    const std::string rest = name.substr(prefix.size());
    if (std::count(known.begin(), known.end(), rest) > 0) continue;
    if (manifest.find(name) != std::string::npos) continue;
    const std::string nearest = nearest_name(rest, known);
    warnings.push_back(
        fmt::format("warning: dflare reads no environment variable {}{}", name,
                    nearest.empty() ? "" : "; did you mean " + prefix + nearest + "?"));
  }
  return warnings;
}

void warn_of_unknown_variables(const std::string& program, const std::string& manifest) {
  for (const std::string& warning : unknown_variables(manifest))
    std::fprintf(stderr, "%s: %s\n", program.c_str(), one_line_utf8(warning).c_str());
}

}  // namespace dflare::gtest
