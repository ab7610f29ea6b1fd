#include "support/image.hpp"

#include <fmt/format.h>

#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "dflare/error.hpp"
#include "support/encoded_image.hpp"
#include "support/file_kind.hpp"
#include "support/files.hpp"

namespace dflare {
namespace {

/// The orientation that a camera notes in EXIF is not applied, as it is not by the loaders of
/// Pillow and torchvision, whose pixels models are trained on.
int imread_flags(ColorMode mode, bool grey_in_file) {
  if (mode == ColorMode::grey || (mode == ColorMode::as_file && grey_in_file)) {
    return cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION;
  }
  return (mode == ColorMode::rgb ? cv::IMREAD_COLOR : cv::IMREAD_ANYCOLOR) |
         cv::IMREAD_IGNORE_ORIENTATION;
}

/// Empty where OpenCV cannot decode the bytes.
Image decode(const std::string& bytes, int flags) {
  try {
    const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8UC1,
                         const_cast<char*>(bytes.data()));
    return cv::imdecode(buffer, flags);
  } catch (const cv::Exception&) {
    return {};
  }
}

/// Empty where OpenCV cannot encode the image.
std::vector<unsigned char> encode_png(const cv::Mat& bgr) {
  std::vector<unsigned char> encoded;
  try {
    if (!cv::imencode(".png", bgr, encoded)) encoded.clear();
  } catch (const cv::Exception&) {
    encoded.clear();
  }
  return encoded;
}

}  // namespace

std::string shape_text(const Image& image) {
  return fmt::format("{} x {} x {}", image.rows, image.cols, image.channels());
}

bool same_pixels(const Image& a, const Image& b) {
  if (size_of(a) != size_of(b) || a.type() != b.type()) return false;
  const std::size_t row_bytes = static_cast<std::size_t>(a.cols) * a.elemSize();
  for (int row = 0; row < a.rows; ++row) {
    if (std::memcmp(a.ptr(row), b.ptr(row), row_bytes) != 0) return false;
  }
  return true;
}

Image with_colors(const Image& image, ColorMode mode) {
  Image changed;
  if (mode == ColorMode::grey && image.channels() == 3) {
    cv::cvtColor(image, changed, cv::COLOR_RGB2GRAY);
  } else if (mode == ColorMode::rgb && image.channels() == 1) {
    cv::cvtColor(image, changed, cv::COLOR_GRAY2RGB);
  } else {
    changed = image;
  }
  return changed;
}

Image read_image(const std::string& path, ColorMode mode) {
  const std::string bytes = read_seed_file(path);
  const ImageFormat format = format_of(bytes);
  if (format == ImageFormat::none) {
    throw SeedError(fmt::format(
        "'{}' ({} bytes) is no PNG, JPEG, BMP or WebP image{}; convert it to one of these, or "
        "remove it",
        path, bytes.size(), seen_as(bytes)));
  }
  const ImageSize size = stated_size(bytes, format);
  if (!is_readable(size)) {
    throw SeedError(
        fmt::format("'{}' is a {} image of {} x {} pixels, more than OpenCV reads (2^30 in all, "
                    "2^20 a side); make it smaller, or remove it",
                    path, format_name(format), size.height, size.width));
  }
  if (const std::string damage = damage_of(bytes, format); !damage.empty()) {
    throw SeedError(fmt::format(
        "'{}' is a damaged or cut-off {} image of {} bytes ({}); copy it again, save it anew, or "
        "remove it",
        path, format_name(format), bytes.size(), damage));
  }
  Image image = decode(without_side_data(bytes, format),
                       imread_flags(mode, is_grey_with_alpha(bytes, format)));
  if (image.empty()) {
    throw SeedError(
        fmt::format("'{}' is a damaged {} image of {} bytes, or one of a kind that OpenCV cannot "
                    "decode; save it again, or remove it",
                    path, format_name(format), bytes.size()));
  }
  if (image.channels() == 3) cv::cvtColor(image, image, cv::COLOR_BGR2RGB);
  return image;
}

std::string encoded_png(const std::string& path, const Image& image) {
  if (image.empty() || (image.type() != CV_8UC1 && image.type() != CV_8UC3)) {
    throw Error(
        fmt::format("cannot write '{}': the image is {} of type {}, expected 8-bit pixels in 1 or "
                    "3 channels",
                    path, shape_text(image), cv::typeToString(image.type())));
  }
  cv::Mat bgr;  // not a second name of the caller's pixels, which stay as they are
  if (image.channels() == 3) {
    cv::cvtColor(image, bgr, cv::COLOR_RGB2BGR);
  } else {
    bgr = image;
  }
  const std::vector<unsigned char> encoded = encode_png(bgr);
  if (encoded.empty()) {
    throw Error(
        fmt::format("cannot write '{}': OpenCV makes no PNG of {} pixels; give a smaller image",
                    path, shape_text(image)));
  }
  return std::string(encoded.begin(), encoded.end());
}

void write_png(const std::string& path, const Image& image) {
  write_atomically(path, encoded_png(path, image));
}

}  // namespace dflare
