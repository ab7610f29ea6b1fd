#include "support/encoded_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <cstdlib>
#include <limits>
#include <optional>

#include "support/jpeg_file.hpp"

namespace dflare {
namespace {

using namespace std::string_view_literals;

constexpr auto png_signature = "\x89PNG\r\n\x1a\n"sv;
constexpr auto cut_off = "it ends too early";

bool has(std::string_view bytes, std::size_t at, std::string_view what) {
  return bytes.size() >= at + what.size() && bytes.substr(at, what.size()) == what;
}

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

const unsigned char* pointer_to(std::string_view bytes, std::size_t at) {
  return reinterpret_cast<const unsigned char*>(bytes.data() + at);
}

/// Of a PNG file: length, kind, data, checksum.
struct Chunk {
  std::string_view whole;

  std::string_view kind() const { return whole.substr(4, 4); }
  /// A capital letter says that the pixels depend on it.
  bool is_critical() const { return (whole[4] & 0x20) == 0; }
  bool is_sound() const {
    boost::crc_32_type sum;
    sum.process_bytes(whole.data() + 4, whole.size() - 8);
    return sum.checksum() == boost::endian::load_big_u32(pointer_to(whole, whole.size() - 4));
  }
};

std::optional<Chunk> chunk_at(std::string_view bytes, std::size_t at) {
  constexpr std::size_t frame = 12;
  if (bytes.size() < at + frame) return std::nullopt;
  const std::size_t size = frame + boost::endian::load_big_u32(pointer_to(bytes, at));
  if (bytes.size() - at < size) return std::nullopt;
  return Chunk{bytes.substr(at, size)};
}

std::string png_damage(std::string_view bytes) {
  std::size_t at = png_signature.size();
  bool has_pixels = false;
  while (const auto chunk = chunk_at(bytes, at)) {
    if (chunk->is_critical() && !chunk->is_sound())
      return fmt::format("the checksum of what begins at byte {} is wrong", at);
    has_pixels |= chunk->kind() == "IDAT";
    if (chunk->kind() == "IEND") return has_pixels ? "" : "it holds no pixels";
    at += chunk->whole.size();
  }
  return cut_off;
}

ImageSize png_size(std::string_view bytes) {
  constexpr std::size_t width = 16, height = 20, end = 24;
  if (bytes.size() < end || !has(bytes, 12, "IHDR")) return {};
  return {boost::endian::load_big_s32(pointer_to(bytes, height)),
          boost::endian::load_big_s32(pointer_to(bytes, width))};
}

/// What the header of a BMP file says; the one of OS/2 has sides of 16 bits.
struct BmpHeader {
  std::uint32_t pixels_at = 0, compression = 0;
  std::int64_t height = 0, width = 0, bits = 0;
};

std::optional<BmpHeader> bmp_header(std::string_view bytes) {
  using namespace boost::endian;
  constexpr std::size_t longest = 34;
  if (bytes.size() < longest) return std::nullopt;
  BmpHeader header;
  header.pixels_at = load_little_u32(pointer_to(bytes, 10));
  if (load_little_u32(pointer_to(bytes, 14)) == 12) {
    header.width = load_little_u16(pointer_to(bytes, 18));
    header.height = load_little_u16(pointer_to(bytes, 20));
    header.bits = load_little_u16(pointer_to(bytes, 24));
  } else {
    header.width = load_little_s32(pointer_to(bytes, 18));
    // A negative one says that the first row is the top one.
    header.height = std::abs(std::int64_t{load_little_s32(pointer_to(bytes, 22))});
    header.bits = load_little_u16(pointer_to(bytes, 28));
    header.compression = load_little_u32(pointer_to(bytes, 30));
  }
  return header;
}

ImageSize bmp_size(std::string_view bytes) {
  const auto header = bmp_header(bytes);
  if (!header) return {};
  const std::int64_t most = std::numeric_limits<int>::max();
  return {static_cast<int>(std::min(header->height, most)),
          static_cast<int>(std::min(header->width, most))};
}

/// How long packed rows are is known only when they are read.
bool bmp_ends(std::string_view bytes) {
  constexpr std::uint32_t packed_8 = 1, packed_4 = 2;
  const auto header = bmp_header(bytes);
  if (!header) return false;
  if (header->compression == packed_8 || header->compression == packed_4) return true;
  if (header->width <= 0) return false;
  const std::int64_t row = (header->width * header->bits + 31) / 32 * 4;
  const std::int64_t left = static_cast<std::int64_t>(bytes.size()) - header->pixels_at;
  return left >= 0 && (row == 0 || header->height <= left / row);
}

bool webp_ends(std::string_view bytes) {
  return std::size_t{8} + boost::endian::load_little_u32(pointer_to(bytes, 4)) <= bytes.size();
}

}  // namespace

ImageFormat format_of(std::string_view bytes) {
  if (has(bytes, 0, png_signature)) return ImageFormat::png;
  if (has(bytes, 0, "\xFF\xD8\xFF"sv)) return ImageFormat::jpeg;
  if (has(bytes, 0, "RIFF"sv) && has(bytes, 8, "WEBP"sv)) return ImageFormat::webp;
  if (has(bytes, 0, "BM"sv)) return ImageFormat::bmp;
  return ImageFormat::none;
}

std::string_view format_name(ImageFormat format) {
  switch (format) {
    case ImageFormat::png:
      return "PNG";
    case ImageFormat::jpeg:
      return "JPEG";
    case ImageFormat::bmp:
      return "BMP";
    case ImageFormat::webp:
      return "WebP";
    case ImageFormat::none:
      break;
  }
  return "unknown";
}

ImageSize stated_size(std::string_view bytes, ImageFormat format) {
  switch (format) {
    case ImageFormat::png:
      return png_size(bytes);
    case ImageFormat::jpeg:
      return jpeg_size(bytes);
    case ImageFormat::bmp:
      return bmp_size(bytes);
    case ImageFormat::webp:  // 16,383 pixels a side
    case ImageFormat::none:
      break;
  }
  return {};
}

bool is_readable(const ImageSize& size) {
  constexpr int longest_side = 1 << 20;
  constexpr std::int64_t most_pixels = 1 << 30;
  return size.height <= longest_side && size.width <= longest_side &&
         std::int64_t{size.height} * size.width <= most_pixels;
}

std::string damage_of(std::string_view bytes, ImageFormat format) {
  switch (format) {
    case ImageFormat::png:
      return png_damage(bytes);
    case ImageFormat::jpeg:
      return jpeg_damage(bytes);
    case ImageFormat::webp:
      return webp_ends(bytes) ? "" : cut_off;
    case ImageFormat::bmp:
      return bmp_ends(bytes) ? "" : cut_off;
    case ImageFormat::none:
      break;
  }
  return {};
}

std::string without_side_data(const std::string& bytes, ImageFormat format) {
  if (format != ImageFormat::png) return bytes;
  std::string pixels(png_signature);
  pixels.reserve(bytes.size());
  std::size_t at = pixels.size();
  while (const auto chunk = chunk_at(bytes, at)) {
    if (chunk->is_critical()) pixels += chunk->whole;
    at += chunk->whole.size();
  }
  return pixels;
}

bool is_grey_with_alpha(std::string_view bytes, ImageFormat format) {
  constexpr std::size_t color_type = 25;
  return format == ImageFormat::png && bytes.size() > color_type && byte_at(bytes, color_type) == 4;
}

}  // namespace dflare
