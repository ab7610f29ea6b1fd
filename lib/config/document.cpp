#include "config/document.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare::config {

void read_document(const std::string& file, const std::string& kind,
                   const std::function<void(const Entry& root, Mistakes& mistakes)>& read) {
  Mistakes mistakes(file);
  try {
    const YAML::Node document = YAML::LoadFile(file);
    read(Entry(document, "", document.Mark(), mistakes), mistakes);
  } catch (const YAML::BadFile&) {
    throw ConfigError(fmt::format("{}: cannot be read; expected a {} (YAML)", file, kind));
  } catch (const YAML::Exception& e) {
    mistakes.add(e.mark, "", "this is no YAML: " + e.msg);
  }
  if (mistakes.count() > 0) {
    throw ConfigError(fmt::format("{} mistake{} in the {}\n{}", mistakes.count(),
                                  mistakes.count() == 1 ? "" : "s", kind, mistakes.text()));
  }
}

}  // namespace dflare::config
