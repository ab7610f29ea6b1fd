#include "support/encoded_image.hpp"

#include <boost/endian/conversion.hpp>

namespace dflare {
namespace {

using namespace std::string_view_literals;

constexpr auto png_signature = "\x89PNG\r\n\x1a\n"sv;

bool has(std::string_view bytes, std::size_t at, std::string_view what) {
  return bytes.size() >= at + what.size() && bytes.substr(at, what.size()) == what;
}

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

const unsigned char* pointer_to(std::string_view bytes, std::size_t at) {
  return reinterpret_cast<const unsigned char*>(bytes.data() + at);
}

/// Goes from chunk to chunk (length, kind, data, checksum) up to the last one.
bool png_ends(std::string_view bytes) {
  constexpr std::size_t frame = 12;
  std::size_t at = png_signature.size();
  while (at + frame <= bytes.size()) {
    const std::size_t next = at + frame + boost::endian::load_big_u32(pointer_to(bytes, at));
    if (has(bytes, at + 4, "IEND")) return next <= bytes.size();
    at = next;
  }
  return false;
}

/// Goes from marker to marker. Segments are skipped by their length, as the thumbnail in one may
/// hold an end marker of its own; coded pixels hold no 0xFF but before 0 or a restart marker.
bool jpeg_ends(std::string_view bytes) {
  constexpr unsigned char end_of_image = 0xD9, first_restart = 0xD0, start_of_image = 0xD8;
  std::size_t at = 2;
  while (at + 1 < bytes.size()) {
    const unsigned char marker = byte_at(bytes, at + 1);
    if (byte_at(bytes, at) != 0xFF || marker == 0xFF) {
      ++at;
    } else if (marker == end_of_image) {
      return true;
    } else if (marker <= 0x01 || (marker >= first_restart && marker <= start_of_image)) {
      at += 2;
    } else if (at + 3 < bytes.size()) {
      at += 2 + boost::endian::load_big_u16(pointer_to(bytes, at + 2));
    } else {
      return false;
    }
  }
  return false;
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

bool is_cut_off(std::string_view bytes, ImageFormat format) {
  switch (format) {
    case ImageFormat::png:
      return !png_ends(bytes);
    case ImageFormat::jpeg:
      return !jpeg_ends(bytes);
    case ImageFormat::webp:
      return !webp_ends(bytes);
    case ImageFormat::bmp:
    case ImageFormat::none:
      break;
  }
  return false;
}

bool is_grey_with_alpha(std::string_view bytes, ImageFormat format) {
  constexpr std::size_t color_type = 25;
  return format == ImageFormat::png && bytes.size() > color_type && byte_at(bytes, color_type) == 4;
}

}  // namespace dflare
