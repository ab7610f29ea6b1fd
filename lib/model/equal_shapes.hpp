#pragma once

#include "dflare/image.hpp"

namespace dflare {

/// Throws ModelError, naming the index, unless both images of a batch have one size and as many
/// channels.
void require_equal_shapes(const Image& first, const Image& image, std::size_t index);

}  // namespace dflare
