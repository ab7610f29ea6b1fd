#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace dflare::config {

/// Collects what is wrong with a YAML file, each with its line.
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}

  /// "file:line: key: what"
  void add(const YAML::Mark& mark, const std::string& key, const std::string& what);
  std::size_t count() const { return lines_.size(); }
  /// Whether there is one of this key, or of one inside it.
  bool any_in(const std::string& key) const;
  const std::string& file() const { return file_; }
  /// All of them, in the order of the file.
  std::string text() const;

 private:
  std::string file_;
  struct Line {
    int number;
    std::string key, text;
  };
  std::vector<Line> lines_;
};

/// A node of the file, with its key's full name ("pairs[0].seeds.take") and where mistakes go. What
/// cannot be read is a mistake and reads as nothing.
class Entry {
 public:
  Entry(YAML::Node node, std::string key, const YAML::Mark& mark, Mistakes& mistakes)
      : node_(std::move(node)), key_(std::move(key)), mark_(mark), mistakes_(&mistakes) {}

  const YAML::Node& node() const { return node_; }
  const std::string& key() const { return key_; }
  const YAML::Mark& mark() const { return mark_; }
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
  /// The place of the text among `words`; `kind` is what they are called in the message.
  std::optional<std::size_t> choice(const std::string& kind,
                                    const std::vector<std::string>& words) const;
  std::optional<std::vector<float>> numbers() const;
  /// The text with ${NAME} filled in.
  std::optional<std::string> expanded(const std::string& expected) const;
  /// The folder of the file, absolute.
  std::string folder() const;
  /// The text as a path: ${NAME} filled in, relative to the folder of the file, absolute.
  std::optional<std::string> path() const;

  /// The items of a list.
  std::vector<Entry> items() const;
  /// The entries of a map, in order; `known` are the keys allowed, and a key given twice is a
  /// mistake. Empty `known`: any.
  std::vector<std::pair<std::string, Entry>> entries(const std::vector<std::string>& known) const;
  /// An entry of a map that may be missing.
  std::optional<Entry> find(const std::string& name) const;

 private:
  void senseless(const std::string& expected) const;
  /// What the node is, for messages: "'abc'", "a map", "a list", "nothing".
  std::string seen() const;

  YAML::Node node_;
  std::string key_;
  YAML::Mark mark_;
  Mistakes* mistakes_;
};

}  // namespace dflare::config
