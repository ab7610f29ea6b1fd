#include <fmt/format.h>

#include <boost/endian/conversion.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <stdexcept>

#include "dflare/error.hpp"
#include "seeds/sources.hpp"
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

std::string unpacked(const std::string& path) {
  std::string bytes = read_seed_file(path);
  if (!is_gzip(bytes)) return bytes;
  try {
    io::filtering_istream in;
    in.push(io::gzip_decompressor());
    in.push(io::array_source(bytes.data(), bytes.size()));
    in.exceptions(std::ios::badbit);
    std::string content;
    io::copy(in, io::back_inserter(content));
    return content;
  } catch (const std::exception& error) {
    throw SeedError(
        fmt::format("'{}' is a damaged or cut-off gzip file ({}); download or copy it again", path,
                    error.what()));
  }
}

void check_header(const std::string& path, const std::string& bytes, std::uint32_t magic,
                  std::size_t header, const char* what) {
  const std::uint32_t seen = bytes.size() < 4 ? magic : number(bytes, 0);
  if (seen != magic) {
    const char* hint = seen == label_magic   ? "it holds labels: give the file of images"
                       : seen == image_magic ? "it holds images: give the file of labels"
                                             : "give a file in that format";
    throw SeedError(
        fmt::format("'{}' is no IDX file of {}: its magic number is {}, expected {}; {}", path,
                    what, seen, magic, hint));
  }
  if (bytes.size() < header) {
    throw SeedError(
        fmt::format("'{}' is truncated: {} bytes, but the header of an IDX file of {} "
                    "takes {}; copy it again",
                    path, bytes.size(), what, header));
  }
}

void check_size(const std::string& path, const std::string& bytes, std::size_t expected,
                const std::string& contents) {
  if (bytes.size() == expected) return;
  throw SeedError(fmt::format(
      "'{}' {}: {} bytes (unpacked), but its header announces {}, which take {}; copy it again",
      path, bytes.size() < expected ? "is truncated" : "is longer than its header says",
      bytes.size(), contents, expected));
}

struct Images {
  std::string bytes;
  std::size_t count;
  int rows;
  int columns;
};

Images read_images(const std::string& path) {
  std::string bytes = unpacked(path);
  check_header(path, bytes, image_magic, image_header, "images");
  const std::uint32_t count = number(bytes, 1), rows = number(bytes, 2), columns = number(bytes, 3);
  if (count == 0 || rows == 0 || columns == 0 || rows > longest_side || columns > longest_side) {
    throw SeedError(fmt::format(
        "'{}' announces {} images of {} x {} pixels; expected at least one, of sides from 1 to {}",
        path, count, rows, columns, longest_side));
  }
  check_size(path, bytes, image_header + std::size_t{count} * rows * columns,
             fmt::format("{} images of {} x {}", count, rows, columns));
  return {std::move(bytes), count, static_cast<int>(rows), static_cast<int>(columns)};
}

std::string read_labels(const std::string& path, const std::string& images, std::size_t count) {
  std::string bytes = unpacked(path);
  check_header(path, bytes, label_magic, label_header, "labels");
  const std::size_t labels = number(bytes, 1);
  check_size(path, bytes, label_header + labels, fmt::format("{} labels", labels));
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
