#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "dflare/error.hpp"

namespace dflare {

/// A JSON file of dflare's own, with the version of its format under a key that tells its kind.
class Document {
 public:
  /// Throws FindingError if the file cannot be read, is no JSON, has no such key, or a newer
  /// version than `version`.
  Document(std::string path, const std::string& version_key, int version);

  /// True if the file is there, and a document of that kind in whatever version.
  static bool is_one(const std::string& path, const std::string& version_key);

  /// The field at a JSON pointer. Throws FindingError naming file and field if it is missing or of
  /// another type.
  template <class T>
  T get(const std::string& pointer) const {
    try {
      return content_.at(nlohmann::json::json_pointer(pointer)).get<T>();
    } catch (const nlohmann::json::exception& error) {
      damaged(pointer, error.what());
    }
  }

  /// Whether there is a field at a JSON pointer: formats of older versions lack some.
  bool has(const std::string& pointer) const {
    return content_.contains(nlohmann::json::json_pointer(pointer));
  }

  const std::string& path() const { return path_; }
  [[noreturn]] void damaged(const std::string& pointer, const std::string& reason) const;

 private:
  std::string path_;
  nlohmann::json content_;
};

/// The text of a JSON file of dflare's own. Bytes that are no UTF-8 (file names may hold them)
/// become replacement characters.
std::string document_text(const nlohmann::ordered_json& content);

}  // namespace dflare
