#pragma once

namespace dflare {

/// What the settings of a server may be: in a manifest, and wherever else they come from.
struct ServerBounds {
  static constexpr double shortest_seconds = 1e-3, longest_seconds = 86400;
  static constexpr double longest_back_off = 60;  ///< seconds, of each wait, however often doubled
  static constexpr int most_retries = 100;
};

}  // namespace dflare
