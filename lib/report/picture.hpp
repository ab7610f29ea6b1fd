#pragma once

#include <string>

namespace dflare::report {

/// Pictures of a longer side are shown as thumbnails of this one.
constexpr int longest_side = 64;

/// A picture as it goes into the page.
struct Picture {
  int width = 0, height = 0;  ///< of the file
  std::string png;            ///< the file's bytes, or those of its thumbnail
  bool thumbnail = false;
};

/// Throws FindingError if the file is missing or no whole PNG.
Picture read_picture(const std::string& path);

}  // namespace dflare::report
