#pragma once

#include <string>

#include "config/map_reader.hpp"

namespace dflare::test {

/// A YAML text as the root of a file, and the mistakes that are found in it.
class Yaml {
 public:
  explicit Yaml(const std::string& text, std::string file = "f.yaml")
      : mistakes_(std::move(file)), node_(YAML::Load(text)) {}

  config::Entry root() { return {node_, "", node_.Mark(), mistakes_}; }
  /// An entry of the root.
  config::Entry at(const std::string& key) { return *root().find(key); }
  std::string mistakes() const { return mistakes_.text(); }

 private:
  config::Mistakes mistakes_;
  YAML::Node node_;
};

}  // namespace dflare::test
