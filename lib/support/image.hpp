#pragma once

#include "dflare/image.hpp"

namespace dflare {

/// The image with the channels that `mode` asks for; itself, not a copy, where it has them already.
Image with_colors(const Image& image, ColorMode mode);

}  // namespace dflare
