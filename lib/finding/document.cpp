#include "finding/document.hpp"

#include "support/files.hpp"

namespace dflare {
namespace {

using nlohmann::json;

std::string text_of(const std::string& path) {
  try {
    return read_text_file(path);
  } catch (const Error& error) {
    throw FindingError(error.what());
  }
}

bool has_version(const json& content, const std::string& key) {
  return content.is_object() && content.contains(key) && content[key].is_number_integer();
}

}  // namespace

Document::Document(std::string path, const std::string& version_key, int version)
    : path_(std::move(path)) {
  try {
    content_ = parse_json(text_of(path_));
  } catch (const JsonError& error) {
    throw FindingError(fmt::format(
        "'{}' is damaged: {}; restore it, or search again to write it anew", path_, error.what()));
  }
  if (!has_version(content_, version_key))
    throw FindingError(
        fmt::format("'{}' was not written by dflare: it has no '{}', the number of its format; "
                    "check the path",
                    path_, version_key));
  const json& found = content_[version_key];
  // A version of 2^63 or more is a newer one too.
  if (found.is_number_unsigned() &&
      found.get<std::uint64_t>() > static_cast<std::uint64_t>(version))
    throw FindingError(
        fmt::format("'{}' was written by a newer dflare: its '{}' is {}, and this one knows {}; "
                    "use a newer dflare, or search again",
                    path_, version_key, found.dump(), version));
  get<int>("/" + version_key, 1, version);
}

bool Document::is_one(const std::string& path, const std::string& version_key) {
  try {
    return has_version(parse_json(read_text_file(path)), version_key);
  } catch (const Error&) {
    return false;
  } catch (const JsonError&) {
    return false;
  }
}

void Document::damaged(const std::string& pointer, const std::string& reason) const {
  throw FindingError(fmt::format(
      "'{}' is damaged: field '{}' is missing or makes no sense ({}); restore it, or search again "
      "to write it anew",
      path_, pointer, reason));
}

std::string document_text(const nlohmann::ordered_json& content) {
  return content.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace dflare
