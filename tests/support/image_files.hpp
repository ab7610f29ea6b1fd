#pragma once

#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {

inline std::string encoded(const std::string& extension, const cv::Mat& bgr,
                           const std::vector<int>& parameters = {}) {
  std::vector<unsigned char> bytes;
  cv::imencode(extension, bgr, bytes, parameters);
  return {bytes.begin(), bytes.end()};
}

inline std::string file_of(const std::string& bytes, const std::string& name) {
  const std::string file = fresh_folder() + "/" + name;
  write_atomically(file, bytes);
  return file;
}

inline std::string big_endian(std::uint32_t number) {
  unsigned char bytes[4];
  boost::endian::store_big_u32(bytes, number);
  return {bytes, bytes + 4};
}

inline std::string little_endian(std::uint32_t number) {
  unsigned char bytes[4];
  boost::endian::store_little_u32(bytes, number);
  return {bytes, bytes + 4};
}

/// A JPEG segment of application data.
inline std::string segment(char kind, const std::string& content) {
  const std::size_t length = content.size() + 2;
  return std::string("\xFF") + kind + static_cast<char>(length >> 8) +
         static_cast<char>(length & 0xFF) + content;
}

inline std::string with_segment(const std::string& jpeg, const std::string& extra) {
  return jpeg.substr(0, 2) + extra + jpeg.substr(2);
}

inline std::string png_chunk(const std::string& kind, const std::string& content) {
  boost::crc_32_type sum;
  sum.process_bytes((kind + content).data(), kind.size() + content.size());
  return big_endian(static_cast<std::uint32_t>(content.size())) + kind + content +
         big_endian(sum.checksum());
}

/// Behind IHDR.
inline std::string with_chunk(const std::string& png, const std::string& chunk) {
  constexpr std::size_t header = 8 + 25;
  return png.substr(0, header) + chunk + png.substr(header);
}

/// A WebP file with EXIF beside its pixels, from a simple one.
inline std::string with_exif(const std::string& webp, const cv::Size& size,
                             const std::string& exif) {
  const auto side = [](int pixels) {
    return little_endian(static_cast<std::uint32_t>(pixels) - 1).substr(0, 3);
  };
  const std::string chunks = "WEBPVP8X" + little_endian(10) + little_endian(8) + side(size.width) +
                             side(size.height) + webp.substr(12) + "EXIF" +
                             little_endian(static_cast<std::uint32_t>(exif.size())) + exif;
  return "RIFF" + little_endian(static_cast<std::uint32_t>(chunks.size())) + chunks;
}

}  // namespace dflare::test
