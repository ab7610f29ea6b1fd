#pragma once

#include "examination/asking.hpp"

namespace dflare {

struct Steadiness {
  bool depends_on_batch = false;  ///< on which images are asked about together
  std::size_t evaluations = 0;
};

/// Whether the model answers twice alike: among other images, alone, by a replica. `first` are its
/// answers to all images. Throws ModelError where the answers to the same images change.
Steadiness steadiness(Model& model, const std::vector<Image>& images, const Asked& first);

}  // namespace dflare
