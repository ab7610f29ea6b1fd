#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/map_reader.hpp"
#include "dflare/model.hpp"

namespace dflare::config {

/// What the models of a file give their gradients to others from.
struct TwinEntry {
  std::string path;  ///< absolute
  LoadOptions load;
};

struct ModelEntry {
  ModelSource source;  ///< a file's path is absolute
  LoadOptions load;
  std::optional<TwinEntry> gradients_from;

  /// With the gradients of its twin, if it has one. Throws as dflare::load() does.
  std::shared_ptr<Model> open() const;
};

/// A path; or a map of file, process or url and what belongs to it. A file must be there. `input`
/// is what the models of a pair have in common.
ModelEntry read_model(const Entry& entry, const InputSpec& input);

}  // namespace dflare::config
