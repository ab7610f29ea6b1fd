#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace dflare::gtest {

/// Collects what is wrong with a YAML file, each with its line.
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}

  /// "file:line: key: what"
  void add(const YAML::Mark& mark, const std::string& key, const std::string& what);
  std::size_t count() const { return lines_.size(); }
  const std::string& file() const { return file_; }
  /// All of them, in the order of the file.
  std::string text() const;

 private:
  std::string file_;
  std::vector<std::pair<int, std::string>> lines_;
};

/// A node of the file, with its key's full name ("pairs[0].seeds.take") and where mistakes go. What
/// cannot be read is a mistake and reads as nothing.
class Entry {
 public:
  Entry(YAML::Node node, std::string key, const YAML::Mark& mark, Mistakes& mistakes)
      : node_(std::move(node)), key_(std::move(key)), mark_(mark), mistakes_(&mistakes) {}

  const YAML::Node& node() const { return node_; }
  const std::string& key() const { return key_; }
  bool is_map() const { return node_.IsMap(); }
  bool is_list() const { return node_.IsSequence(); }

  void mistake(const std::string& what) const { mistakes_->add(mark_, key_, what); }

  /// Not empty.
  std::optional<std::string> text(const std::string& expected = "a text") const;
  std::optional<std::int64_t> whole_number(
      std::int64_t least, std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
  std::optional<double> number(double least,
                               double most = std::numeric_limits<double>::max()) const;
  std::optional<bool> truth() const;
  std::optional<std::vector<float>> numbers() const;
  /// The text as a path: ${NAME} filled in, relative to the manifest's folder, absolute.
  std::optional<std::string> path() const;

  /// The items of a list.
  std::vector<Entry> items() const;
  /// The entries of a map, in order; `known` are the keys allowed, and a key given twice is a
  /// mistake. Empty `known`: any.
  std::vector<std::pair<std::string, Entry>> entries(const std::vector<std::string>& known) const;

 private:
  /// What the node is, for messages: "'abc'", "a map", "a list", "nothing".
  std::string seen() const;

  YAML::Node node_;
  std::string key_;
  YAML::Mark mark_;
  Mistakes* mistakes_;
};

}  // namespace dflare::gtest
