#pragma once

#include <string>

#include "config/map_reader.hpp"
#include "dflare/model.hpp"

namespace dflare::config {

struct ModelEntry {
  std::string path;  ///< absolute
  LoadOptions load;
};

/// A path, or a map of file, device, engine and input. The file must be there. `input` is what the
/// models of a pair have in common.
ModelEntry read_model(const Entry& entry, const InputSpec& input);

}  // namespace dflare::config
