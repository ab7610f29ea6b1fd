#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "dflare/error.hpp"
#include "support/json.hpp"

namespace dflare {

/// A JSON file of dflare's own, with the version of its format under a key that tells its kind.
class Document {
 public:
  /// Throws FindingError if the file cannot be read, is no JSON, has no such key, or a newer
  /// version than `version`.
  Document(std::string path, const std::string& version_key, int version);

  /// True if the file is there, and a document of that kind in whatever version.
  static bool is_one(const std::string& path, const std::string& version_key);

  /// The field at a JSON pointer. Throws FindingError naming file and field if it is missing, of
  /// another type, or a number that T does not hold.
  template <class T>
  T get(const std::string& pointer) const {
    return read(pointer, [](const nlohmann::json& value) { return json_value<T>(value); });
  }
  /// Likewise a number within bounds, both included.
  template <class T>
  T get(const std::string& pointer, T least, T most) const {
    return read(pointer,
                [&](const nlohmann::json& value) { return json_number<T>(value, least, most); });
  }

  /// Whether there is a field at a JSON pointer: formats of older versions lack some.
  bool has(const std::string& pointer) const {
    return content_.contains(nlohmann::json::json_pointer(pointer));
  }

  const std::string& path() const { return path_; }
  [[noreturn]] void damaged(const std::string& pointer, const std::string& reason) const;

 private:
  template <class Read>
  auto read(const std::string& pointer, Read read_value) const {
    try {
      return read_value(content_.at(nlohmann::json::json_pointer(pointer)));
    } catch (const nlohmann::json::exception& error) {
      damaged(pointer, error.what());
    } catch (const JsonError& error) {
      damaged(pointer, error.what());
    }
  }

  std::string path_;
  nlohmann::json content_;
};

/// The text of a JSON file of dflare's own. Bytes that are no UTF-8 (file names may hold them)
/// become replacement characters.
std::string document_text(const nlohmann::ordered_json& content);

}  // namespace dflare
