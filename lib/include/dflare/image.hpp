#pragma once

/// @file
/// Images of 8 bits: read, written, compared.

#include <opencv2/core/mat.hpp>
#include <string>

namespace dflare {

/// An 8-bit image, height x width, CV_8UC1 (grey) or CV_8UC3. The three channels are in the order
/// red, green, blue, unlike what cv::imread returns.
using Image = cv::Mat;

/// Height and width in pixels; 0 x 0 means 'not given'.
struct ImageSize {
  int height = 0;  ///< pixels
  int width = 0;   ///< pixels

  /// Both above 0.
  bool given() const { return height > 0 && width > 0; }
};

/// Equal in height and width.
inline bool operator==(const ImageSize& a, const ImageSize& b) {
  return a.height == b.height && a.width == b.width;
}
/// Different in height or width.
inline bool operator!=(const ImageSize& a, const ImageSize& b) {
  return !(a == b);
}

/// Height and width of the image; 0 x 0 for an empty one.
inline ImageSize size_of(const Image& image) {
  return {image.rows, image.cols};
}

/// "28 x 28 x 1", height x width x channels, for messages.
std::string shape_text(const Image& image);

/// True where both have the same size, channels and pixels.
bool same_pixels(const Image& a, const Image& b);

/// How an image file's colours are read.
enum class ColorMode {
  as_file,  ///< 1 channel where the file is grey, else 3
  grey,     ///< 1 channel
  rgb       ///< 3 channels
};

/// Reads a PNG, JPEG, BMP or WebP file as 8-bit image. Alpha channels are dropped, 16-bit values
/// scaled to 8 bits. Throws SeedError if the file is missing or cannot be decoded.
Image read_image(const std::string& path, ColorMode mode = ColorMode::as_file);

/// Writes a PNG beside `path` and renames it there, so that no half-written file is ever seen under
/// that name. Throws Error if the folder cannot be written.
void write_png(const std::string& path, const Image& image);

}  // namespace dflare
