#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/endian/conversion.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "dflare/error.hpp"
#include "seeds/sources.hpp"
#include "support/file_kind.hpp"
#include "support/files.hpp"
#include "support/image.hpp"

namespace dflare {
namespace {

namespace io = boost::iostreams;

constexpr std::uint32_t image_magic = 2051;
constexpr std::uint32_t label_magic = 2049;
constexpr std::size_t image_header = 16;
constexpr std::size_t label_header = 8;
constexpr std::uint32_t longest_side = 65535;

bool is_gzip(const std::string& bytes) {
  return bytes.compare(0, 2, "\x1f\x8b") == 0;
}

/// The header's number at a place counted in numbers.
std::uint32_t number(const std::string& bytes, std::size_t place) {
  return boost::endian::load_big_u32(
      reinterpret_cast<const unsigned char*>(bytes.data() + 4 * place));
}

/// At most `most` bytes of the content. Throws std::exception. Several gzip files one behind the
/// other are one.
std::string gunzipped(const std::string& bytes, std::size_t size, std::uint64_t most) {
  io::filtering_istream in;
  in.push(io::gzip_decompressor());
  in.push(io::array_source(bytes.data(), size));
  in.exceptions(std::ios::badbit);
  std::string content;
  std::array<char, 1 << 16> part;
  while (content.size() < most) {
    const auto wanted = std::min<std::uint64_t>(part.size(), most - content.size());
    in.read(part.data(), static_cast<std::streamsize>(wanted));
    if (in.gcount() == 0) break;
    content.append(part.data(), static_cast<std::size_t>(in.gcount()));
  }
  return content;
}

/// Without the zeros behind the end that gzip and Python pass over, as of a file written in blocks.
/// The end itself, a checksum and a length, may be up to 8 zeros: the fewest that fit are its own.
std::optional<std::string> gunzipped_without_padding(const std::string& bytes, std::uint64_t most) {
  constexpr std::size_t end_of_gzip = 8;
  const std::size_t last = bytes.find_last_not_of('\0');
  const std::size_t least = last == std::string::npos ? 0 : last + 1;
  for (std::size_t size = least; size < std::min(least + end_of_gzip + 1, bytes.size()); ++size) {
    try {
      return gunzipped(bytes, size, most);
    } catch (const std::exception&) {
      // One zero more.
    }
  }
  return std::nullopt;
}

/// What a file holds, packed or not. Of a packed one no more is unpacked than is asked for: a few
/// megabytes may hold many gigabytes.
class Content {
 public:
  explicit Content(const std::string& path) : path_(path), bytes_(read_seed_file(path)) {}

  bool packed() const { return is_gzip(bytes_); }
  std::size_t size_in_file() const { return bytes_.size(); }

  std::string start() const {
    constexpr std::uint64_t enough = 512;  // to tell what else it may be
    return packed() ? unpacked(enough) : bytes_.substr(0, enough);
  }
  /// The file's own bytes are handed over.
  std::string at_most(std::uint64_t most) { return packed() ? unpacked(most) : std::move(bytes_); }

 private:
  std::string unpacked(std::uint64_t most) const {
    try {
      return gunzipped(bytes_, bytes_.size(), most);
    } catch (const std::exception& error) {
      if (auto content = gunzipped_without_padding(bytes_, most)) return std::move(*content);
      throw SeedError(
          fmt::format("'{}' is a damaged or cut-off gzip file, or something else follows it ({}); "
                      "download or copy it again",
                      path_, error.what()));
    }
  }

  std::string path_, bytes_;
};

/// Of a file whose first four bytes are not the magic number expected.
std::string seen_as_idx(const std::string& bytes, std::uint32_t magic) {
  const std::uint32_t seen = number(bytes, 0);
  if (seen == label_magic) return " (it holds labels: give the file of images)";
  if (seen == image_magic) return " (it holds images: give the file of labels)";
  if (boost::endian::endian_reverse(seen) == magic)
    return " (its numbers have their lowest byte first: write them with the highest first)";
  // Two zeros, the type of the values, the number of dimensions.
  constexpr std::array<std::pair<std::uint32_t, const char*>, 6> types{{{8, "bytes"},
                                                                        {9, "signed bytes"},
                                                                        {11, "16-bit integers"},
                                                                        {12, "32-bit integers"},
                                                                        {13, "32-bit floats"},
                                                                        {14, "64-bit floats"}}};
  for (const auto& [type, name] : types) {
    if (seen >> 8 == type && bytes[3] > 0 && bytes[3] < 8)
      return fmt::format(
          " (it is an IDX file of {} in {} dimension(s): write {})", name,
          static_cast<int>(bytes[3]),
          magic == image_magic ? "bytes in 3, or the images to a folder" : "bytes in 1");
  }
  return seen_as(bytes);
}

void check_header(const std::string& path, const std::string& bytes, std::uint32_t magic,
                  std::size_t header, const char* what) {
  const std::uint32_t seen = bytes.size() < 4 ? magic : number(bytes, 0);
  if (seen != magic) {
    throw SeedError(fmt::format(
        "'{}' is no IDX file of {}{}: its magic number is {}, expected {}; give a file of that "
        "format",
        path, what, seen_as_idx(bytes, magic), seen, magic));
  }
  if (bytes.size() < header) {
    throw SeedError(
        fmt::format("'{}' is truncated: {} bytes, but the header of an IDX file of {} "
                    "takes {}; copy it again",
                    path, bytes.size(), what, header));
  }
}

/// The bytes that a header announces, and not more.
std::string announced(const std::string& path, Content& content, std::uint64_t expected,
                      const std::string& contents) {
  // Deflate packs no better.
  constexpr std::uint64_t best_packing = 1032;
  if (content.packed() && expected / best_packing > content.size_in_file()) {
    throw SeedError(fmt::format(
        "'{}' is truncated: its header announces {}, which take {} bytes, and its {} packed bytes "
        "cannot hold them; copy it again",
        path, contents, expected, content.size_in_file()));
  }
  if (content.packed() && expected > memory_of_machine()) {
    throw SeedError(fmt::format(
        "'{}' announces {}, which take {} bytes, more than this machine's memory ({}); give a part "
        "of them",
        path, contents, expected, memory_of_machine()));
  }
  std::string bytes = content.at_most(expected + 1);
  if (bytes.size() == expected) return bytes;
  throw SeedError(fmt::format(
      "'{}' {}: {}{} bytes (unpacked), but its header announces {}, which take {}; copy it again",
      path, bytes.size() < expected ? "is truncated" : "is longer than its header says",
      content.packed() && bytes.size() > expected ? "at least " : "", bytes.size(), contents,
      expected));
}

struct Images {
  std::string bytes;
  std::size_t count;
  int rows;
  int columns;
};

Images read_images(const std::string& path) {
  Content content(path);
  const std::string start = content.start();
  check_header(path, start, image_magic, image_header, "images");
  const std::uint32_t count = number(start, 1), rows = number(start, 2), columns = number(start, 3);
  if (count == 0 || rows == 0 || columns == 0 || rows > longest_side || columns > longest_side) {
    throw SeedError(fmt::format(
        "'{}' announces {} images of {} x {} pixels; expected at least one, of sides from 1 to {}",
        path, count, rows, columns, longest_side));
  }
  std::string bytes = announced(path, content, image_header + std::uint64_t{count} * rows * columns,
                                fmt::format("{} images of {} x {}", count, rows, columns));
  return {std::move(bytes), count, static_cast<int>(rows), static_cast<int>(columns)};
}

std::string read_labels(const std::string& path, const std::string& images, std::size_t count) {
  Content content(path);
  const std::string start = content.start();
  check_header(path, start, label_magic, label_header, "labels");
  const std::size_t labels = number(start, 1);
  const std::string bytes =
      announced(path, content, label_header + labels, fmt::format("{} labels", labels));
  if (labels != count) {
    throw SeedError(
        fmt::format("'{}' holds {} labels, but '{}' {} images; give the labels of these", path,
                    labels, images, count));
  }
  return bytes.substr(label_header);
}

class IdxSource : public SeedSource {
 public:
  IdxSource(const std::string& images, const std::string& labels, ColorMode color)
      : name_("images of " + file_name(images)), images_(read_images(images)), color_(color) {
    if (!labels.empty()) labels_ = read_labels(labels, images, images_.count);
  }

  std::size_t size() const override { return images_.count; }
  std::string id(std::size_t index) const override { return std::to_string(index); }
  std::optional<int> label(std::size_t index) const override {
    if (labels_.empty()) return std::nullopt;
    return static_cast<unsigned char>(labels_.at(index));
  }
  Image load(std::size_t index) const override {
    if (index >= size()) throw std::out_of_range("IDX image " + std::to_string(index));
    const std::size_t pixels = static_cast<std::size_t>(images_.rows) * images_.columns;
    // A view of the bytes for as long as it takes to copy them.
    const cv::Mat view(images_.rows, images_.columns, CV_8UC1,
                       const_cast<char*>(images_.bytes.data()) + image_header + index * pixels);
    return with_colors(view.clone(), color_);
  }
  std::string name() const override { return name_; }

 private:
  std::string name_;
  Images images_;
  ColorMode color_;
  std::string labels_;
};

}  // namespace

bool looks_like_idx(const std::string& path) {
  boost::filesystem::ifstream in(path, std::ios::binary);
  std::string start(4, '\0');
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  const std::uint32_t magic = number(start, 0);
  return is_gzip(start) || magic == image_magic || magic == label_magic;
}

std::shared_ptr<const SeedSource> idx_source(const std::string& images, const std::string& labels,
                                             ColorMode color) {
  return std::make_shared<IdxSource>(images, labels, color);
}

}  // namespace dflare
