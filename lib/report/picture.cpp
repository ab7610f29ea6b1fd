#include "report/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "dflare/error.hpp"
#include "dflare/image.hpp"
#include "support/encoded_image.hpp"
#include "support/files.hpp"
#include "support/image.hpp"

namespace dflare::report {
namespace {

std::string bytes_of(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    throw FindingError(error.what());
  }
}

std::string thumbnail_of(const std::string& path) {
  const Image image = read_image(path);
  const double scale = double(longest_side) / std::max(image.cols, image.rows);
  const auto scaled = [&](int side) {
    return std::max(1, static_cast<int>(std::lround(side * scale)));
  };
  Image small;
  cv::resize(image, small, {scaled(image.cols), scaled(image.rows)}, 0, 0, cv::INTER_AREA);
  return encoded_png(path, small);
}

}  // namespace

Picture read_picture(const std::string& path) {
  Picture picture;
  picture.png = bytes_of(path);
  const ImageFormat format = format_of(picture.png);
  if (format != ImageFormat::png || !damage_of(picture.png, format).empty())
    throw FindingError(
        fmt::format("'{}' is damaged: it is {} of {} bytes, expected a whole PNG; restore it, or "
                    "search again to write it anew",
                    path, format_name(format), picture.png.size()));
  const ImageSize size = stated_size(picture.png, format);
  picture.width = size.width;
  picture.height = size.height;
  picture.thumbnail = std::max(picture.width, picture.height) > longest_side;
  try {
    if (picture.thumbnail) picture.png = thumbnail_of(path);
  } catch (const SeedError& error) {
    throw FindingError(error.what());
  }
  return picture;
}

}  // namespace dflare::report
