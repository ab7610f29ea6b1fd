#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dflare/repair.hpp"

namespace dflare::repair {

/// What the command line says in place of the file.
struct Overrides {
  std::optional<std::string> out;
  std::optional<int> workers;
};

/// Reads the YAML file of dflare-repair. Loads no model and decodes no image file; files must be
/// there. Throws ConfigError with all mistakes, one a line: "file:line: key: what".
Settings read_config(const std::string& file, const Overrides& overrides = {});

/// The keys at the top of the file.
const std::vector<std::string>& top_keys();

}  // namespace dflare::repair
