#pragma once

#include <string>
#include <vector>

#include "dflare/model.hpp"

namespace dflare {

/// Another way of feeding a model than its input specification's.
struct Feeding {
  std::string text;  ///< as it is said in a manifest: "range: [0, 255]"
  InputSpec input;
  bool swapped = false;  ///< red and blue
};

/// The usual ones, of which none feeds as `input` does.
std::vector<Feeding> other_feedings(const InputSpec& input, int channels);

}  // namespace dflare
