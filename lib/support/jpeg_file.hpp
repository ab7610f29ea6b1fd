#pragma once

#include <string>
#include <string_view>

#include "dflare/image.hpp"

namespace dflare {

/// As the header of a JPEG file states it; 0 x 0 where it cannot be read.
ImageSize jpeg_size(std::string_view bytes);

/// What libjpeg finds wrong with a JPEG file, in its own words; empty where all of it is there and
/// sound. Nothing is written to stderr.
std::string jpeg_damage(std::string_view bytes);

}  // namespace dflare
