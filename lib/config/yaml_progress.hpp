#pragma once

#include <string>

namespace dflare::config {

/// Throws YAML::ParserException, with the place, for text in which yaml-cpp finds documents without
/// end: where one begins with ',', ']', '}' or the like it makes an empty document of it and stays
/// at its place, and YAML::LoadAll() takes all memory.
void require_yaml_progress(const std::string& text);

}  // namespace dflare::config
