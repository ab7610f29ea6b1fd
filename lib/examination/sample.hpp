#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dflare/image.hpp"
#include "dflare/model.hpp"
#include "dflare/seeds.hpp"

namespace dflare {

/// So many seed inputs say something of an original or a criterion.
constexpr std::size_t enough_seeds = 8;

/// What an examination looks at: some seed inputs, and then a few made images.
struct Sample {
  std::vector<Image> images;  ///< at the original's input size
  std::vector<std::string> ids;
  std::vector<std::optional<int>> labels;  ///< of the seed inputs

  std::size_t seeds() const { return labels.size(); }  ///< the first of the images
};

/// The same one for every shard, worker and rng_seed. Seed inputs that cannot be read, or do not
/// fit, are left out. Throws what the first of them threw where that leaves none.
Sample sample_of(const SeedSet& seeds, const InputSpec& input);

}  // namespace dflare
