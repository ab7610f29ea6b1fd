#include "dflare/model_source.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dflare {

const std::string& ModelSource::path() const {
  static const std::string none;
  const auto* file = std::get_if<ModelFile>(&source_);
  return file == nullptr ? none : file->path;
}

bool ModelSource::given() const {
  if (command() != nullptr) return !command()->words.empty();
  return server() != nullptr ? !server()->url.empty() : !path().empty();
}

std::string ModelSource::name() const {
  if (command() != nullptr) return fmt::format("{}", fmt::join(command()->shown(), " "));
  return server() != nullptr ? fmt::format("{} at {}", server()->model, server()->url) : path();
}

}  // namespace dflare
