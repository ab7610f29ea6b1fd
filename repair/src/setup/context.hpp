#pragma once

#include "dflare/repair.hpp"

namespace dflare::repair {

/// What every stage of a repair is given beside its own input. It outlives them all.
struct RepairContext {
  const Settings& settings;
  const OnStage& on_stage;  ///< may be empty
  const StopSignal& stop;
};

}  // namespace dflare::repair
