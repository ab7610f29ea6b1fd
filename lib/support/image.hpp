#pragma once

#include "dflare/image.hpp"

namespace dflare {

/// The image with the channels that `mode` asks for; itself, not a copy, where it has them already.
Image with_colors(const Image& image, ColorMode mode);

/// The bytes of a PNG file. Throws Error, which names `path`, if there is no such file of this
/// image.
std::string encoded_png(const std::string& path, const Image& image);

}  // namespace dflare
