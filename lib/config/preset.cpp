#include "config/preset.hpp"

#include "dflare/error.hpp"
#include "support/names.hpp"

namespace dflare::config {

void apply_preset(const std::string& name, Options& options) {
  if (name != "everyday") throw ConfigError(unknown_name("preset", name, {"everyday"}));
  const Options preset = everyday();
  options.strategy(preset.strategy())
      .path(preset.path())
      .queries(preset.queries())
      .criterion(preset.criterion())
      .ranges(preset.ranges());
}

}  // namespace dflare::config
