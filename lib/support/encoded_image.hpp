#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dflare/image.hpp"

namespace dflare {

enum class ImageFormat { none, png, jpeg, bmp, webp };

/// Told from the first bytes; a file's extension may lie.
ImageFormat format_of(std::string_view bytes);

/// "PNG", for messages.
std::string_view format_name(ImageFormat format);

/// As the file's header states it; 0 x 0 where it does not, or where no file of the format can be
/// too large for OpenCV.
ImageSize stated_size(std::string_view bytes, ImageFormat format);

/// Whether OpenCV reads images of so many pixels.
bool is_readable(const ImageSize& size);

/// What is wrong with the file: "it ends too early"; empty where nothing shows before it is
/// decoded. The decoders fill the rest of a cut-off JPEG with grey or leave it as it was, and write
/// to stderr without the file's name.
std::string damage_of(std::string_view bytes, ImageFormat format);

/// What the decoder gets: of a PNG its pixels alone, without the texts and profiles of which libpng
/// warns on stderr.
std::string without_side_data(const std::string& bytes, ImageFormat format);

/// True for a PNG of grey values with an alpha channel, which OpenCV takes for a colour image.
bool is_grey_with_alpha(std::string_view bytes, ImageFormat format);

}  // namespace dflare
