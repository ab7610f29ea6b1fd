#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <sstream>

#include "dflare/seeds.hpp"
#include "fuzz.hpp"

// An IDX file of images, and one of labels where that part is not empty.
namespace dflare::fuzz {
namespace {

std::string gzipped(const std::string& bytes) {
  namespace io = boost::iostreams;
  std::string packed;
  io::filtering_istream from(io::gzip_compressor{});
  std::istringstream plain(bytes);
  from.push(plain);
  io::copy(from, io::back_inserter(packed));
  return packed;
}

}  // namespace

void read(const std::string& bytes) {
  const std::vector<std::string> files = parted(bytes, 2);
  const std::string images = scratch_file("images", files[0]);
  const std::string labels = files[1].empty() ? "" : scratch_file("labels", files[1]);
  const SeedSet seeds = SeedSet::idx(images, labels);
  seeds.load(0);
  seeds.load(seeds.size() - 1);
  SeedSet::open(images, ColorMode::rgb).take(2).load(0);
}

std::vector<std::string> examples() {
  using namespace std::string_literals;
  const std::string images = "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x03"s + "pixelsPIXELS";
  const std::string labels = "\0\0\x08\x01\0\0\0\x02\x03\x07"s;
  return {images, joined({images, labels}), gzipped(images),
          joined({gzipped(images), gzipped(labels)})};
}

}  // namespace dflare::fuzz
