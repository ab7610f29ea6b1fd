#pragma once

/// @file
/// Repair: trains a compressed model until it deviates less.

#include <cstddef>
#include <functional>
#include <string>

#include "dflare/error.hpp"
#include "dflare/options.hpp"
#include "dflare/repair_result.hpp"
#include "dflare/repair_settings.hpp"

/// Repair of a compressed model.
namespace dflare::repair {

/// What a repair does at the moment.
struct Stage {
  std::string name;      ///< "searching the training seeds"
  std::size_t done = 0,  ///< steps, seeds or trials of the stage
      all = 0;           ///< 0: not known
  double seconds = 0;    ///< since the stage began
  std::string detail;    ///< "loss 0.012"; may be empty
};

/// Called from any thread, never from two at once.
using OnStage = std::function<void(const Stage&)>;

/// Finds triggering inputs, trains the compressed model, tests it again, and writes the file, the
/// reports and the findings into `out`. Same settings, same result, byte for byte on one machine.
/// Throws ConfigError, SeedError, ModelError, FindingError; Interrupted after `stop` was requested.
/// In all these cases no model is written, and what was written before stays.
Result repair(const Settings& settings, const OnStage& on_stage = nullptr,
              const StopSignal& stop = {});

/// The checks of repair() without searching, and one batch of training on a copy that is thrown
/// away: what passes can be trained. Writes nothing. Returns what was recognised, and what else a
/// user should know.
std::string dry_run(const Settings& settings);

/// repair() was asked to stop; finished rounds are kept for Settings::resume.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// A result as report.txt has it.
std::string report_text(const Settings& settings, const Result& result);
/// A result as report.json has it.
std::string report_json(const Settings& settings, const Result& result);

}  // namespace dflare::repair
