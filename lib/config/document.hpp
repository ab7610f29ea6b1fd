#pragma once

#include <functional>
#include <string>

#include "config/map_reader.hpp"

namespace dflare::config {

/// Reads a YAML file and hands its root to `read`. Throws ConfigError with all mistakes that `read`
/// found, one a line: "file:line: key: what". `kind` is what the file is called in messages:
/// "manifest".
void read_document(const std::string& file, const std::string& kind,
                   const std::function<void(const Entry& root, Mistakes& mistakes)>& read);

}  // namespace dflare::config
