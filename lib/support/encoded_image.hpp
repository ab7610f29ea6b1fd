#pragma once

#include <string_view>

namespace dflare {

enum class ImageFormat { none, png, jpeg, bmp, webp };

/// Told from the first bytes; a file's extension may lie.
ImageFormat format_of(std::string_view bytes);

/// "PNG", for messages.
std::string_view format_name(ImageFormat format);

/// True where the end of the image is missing. The decoders fill the rest of such a JPEG with grey
/// or leave it as it was, and say nothing. A BMP is always 'not cut off': its decoder does notice.
bool is_cut_off(std::string_view bytes, ImageFormat format);

/// True for a PNG of grey values with an alpha channel, which OpenCV takes for a colour image.
bool is_grey_with_alpha(std::string_view bytes, ImageFormat format);

}  // namespace dflare
