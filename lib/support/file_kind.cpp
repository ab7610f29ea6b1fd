#include "support/file_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace dflare {
namespace {

using namespace std::string_view_literals;

struct Kind {
  std::size_t at;
  std::string_view start, name, remedy;
};

constexpr auto unpack = ": unpack it"sv;
constexpr auto as_images = ": write its images to a folder as PNG files"sv;
constexpr auto no_remedy = ""sv;

/// Of two that fit, the first.
constexpr std::array kinds{
    Kind{257, "ustar"sv, "a tar archive", unpack},
    Kind{0, "\x1f\x8b"sv, "a gzip file", unpack},
    Kind{0, "PK\x03\x04"sv, "a zip archive (or an .npz file)", unpack},
    Kind{0, "PK\x05\x06"sv, "an empty zip archive", no_remedy},
    Kind{0, "7z\xBC\xAF\x27\x1C"sv, "a 7z archive", unpack},
    Kind{0, "Rar!\x1A\x07"sv, "a RAR archive", unpack},
    Kind{0, "BZh"sv, "a bzip2 file", unpack},
    Kind{0, "\xFD\x37zXZ\0"sv, "an xz file", unpack},
    Kind{0, "\x28\xB5\x2F\xFD"sv, "a Zstandard file", unpack},
    Kind{0, "\x93NUMPY"sv, "a NumPy file (.npy)", as_images},
    Kind{0, "MATLAB "sv, "a MATLAB file (.mat)", as_images},
    Kind{0, "\x89HDF\r\n\x1a\n"sv, "an HDF5 file (or a .mat of MATLAB 7.3)", as_images},
    Kind{0, "PAR1"sv, "a Parquet file", as_images},
    Kind{0, "SQLite format 3\0"sv, "an SQLite database", no_remedy},
    Kind{0, "\x80\x02"sv, "a pickle of Python", as_images},
    Kind{0, "\x80\x03"sv, "a pickle of Python", as_images},
    Kind{0, "\x80\x04"sv, "a pickle of Python", as_images},
    Kind{0, "\x80\x05"sv, "a pickle of Python", as_images},
    Kind{0, "version https://git-lfs"sv, "a pointer of Git LFS", ": fetch the file, git lfs pull"},
    Kind{0, "\x89PNG\r\n\x1a\n"sv, "a PNG image", ": give the folder that it is in"},
    Kind{0, "\xFF\xD8\xFF"sv, "a JPEG image", ": give the folder that it is in"},
    Kind{8, "WEBP"sv, "a WebP image", ": give the folder that it is in"},
    Kind{0, "GIF8"sv, "a GIF image", no_remedy},
    Kind{0, "II*\0"sv, "a TIFF image", no_remedy},
    Kind{0, "MM\0*"sv, "a TIFF image", no_remedy},
    Kind{0, "II+\0"sv, "a BigTIFF image", no_remedy},
    Kind{4, "ftypavif"sv, "an AVIF image", no_remedy},
    Kind{4, "ftypavis"sv, "an AVIF image sequence", no_remedy},
    Kind{4, "ftyphei"sv, "a HEIC image", no_remedy},
    Kind{4, "ftypmif1"sv, "a HEIF image", no_remedy},
    Kind{4, "ftyp"sv, "a video (MP4 or alike)", no_remedy},
    Kind{0, "\xFF\x0A"sv, "a JPEG XL image", no_remedy},
    Kind{4, "JXL "sv, "a JPEG XL image", no_remedy},
    Kind{4, "jP  \r\n"sv, "a JPEG 2000 image", no_remedy},
    Kind{0, "\xFF\x4F\xFF\x51"sv, "a JPEG 2000 image", no_remedy},
    Kind{128, "DICM"sv, "a DICOM file", no_remedy},
    Kind{0, "8BPS"sv, "a Photoshop file", no_remedy},
    Kind{0, "%PDF"sv, "a PDF file", no_remedy},
};

bool holds_zeros_alone(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

/// A page that a server sent in place of the file.
bool is_page(std::string_view bytes) {
  const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
  const auto begin = std::find_if_not(bytes.begin(), bytes.end(), is_space);
  const std::string_view rest = bytes.substr(static_cast<std::size_t>(begin - bytes.begin()));
  const auto starts_with = [&rest](std::string_view what) {
    return rest.size() >= what.size() &&
           std::equal(what.begin(), what.end(), rest.begin(),
                      [](char a, unsigned char b) { return a == std::tolower(b); });
  };
  return starts_with("<!doctype html") || starts_with("<html");
}

bool is_netpbm(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' &&
         std::isspace(static_cast<unsigned char>(bytes[2])) != 0;
}

}  // namespace

std::string seen_as(std::string_view bytes) {
  if (bytes.empty()) return " (it is empty: copy it again)";
  for (const Kind& kind : kinds) {
    if (bytes.size() >= kind.at + kind.start.size() &&
        bytes.substr(kind.at, kind.start.size()) == kind.start)
      return fmt::format(" (it is {}{})", kind.name, kind.remedy);
  }
  if (is_netpbm(bytes)) return " (it is a PBM, PGM or PPM image)";
  if (is_page(bytes)) return " (it is an HTML page: download it again)";
  if (holds_zeros_alone(bytes)) return " (it holds zeros alone: copy it again)";
  return "";
}

}  // namespace dflare
