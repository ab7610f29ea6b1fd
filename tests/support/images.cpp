#include "support/images.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "dflare/random.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;

struct Blob {
  double x, y, radius, height;
};

/// Plain arithmetic only: it gives the same pixels everywhere.
double height_at(const Blob& blob, double x, double y) {
  const double dx = (x - blob.x) / blob.radius, dy = (y - blob.y) / blob.radius;
  const double inside = std::max(0.0, 1 - dx * dx - dy * dy);
  return blob.height * inside * inside;
}

std::string test_name() {
  const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
  return info == nullptr ? "outside-tests"
                         : std::string(info->test_suite_name()) + "." + info->name();
}

}  // namespace

Image picture(int height, int width, int channels, int variant) {
  if (channels != 1 && channels != 3) throw std::invalid_argument("picture: 1 or 3 channels");
  Image image(height, width, channels == 1 ? CV_8UC1 : CV_8UC3);
  Random random(stream_key(static_cast<std::uint64_t>(variant), "picture"));
  for (int channel = 0; channel < channels; ++channel) {
    const double right = random.uniform(-60, 60), down = random.uniform(-60, 60);
    Blob blobs[3];
    for (Blob& blob : blobs) {
      const double x = random.uniform(), y = random.uniform(), radius = random.uniform(0.2, 0.5);
      blob = {x, y, radius, random.uniform(-150, 150)};
    }
    for (int row = 0; row < height; ++row) {
      for (int column = 0; column < width; ++column) {
        const double x = (column + 0.5) / width, y = (row + 0.5) / height;
        double value = 128 + right * (x - 0.5) + down * (y - 0.5);
        for (const Blob& blob : blobs) value += height_at(blob, x, y);
        image.ptr(row)[column * channels + channel] =
            static_cast<unsigned char>(std::lround(std::clamp(value, 0.0, 255.0)));
      }
    }
  }
  return image;
}

std::string fresh_folder(const std::string& name) {
  // The build folder's hash keeps two builds of the same tests apart.
  const std::string build = sha256_of(fs::current_path().string()).substr(0, 8);
  const std::string leaf = "dflare-" + build + "-" + test_name() + (name.empty() ? "" : "-" + name);
  const fs::path folder = fs::path(testing::TempDir()) / safe_name(leaf);
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder.string();
}

std::string data_folder() {
  const char* given = std::getenv("DFLARE_DATA");
  if (given != nullptr && *given != '\0') {
    // A mistyped folder must not look like one that is not there.
    if (!fs::is_directory(fs::path(given) / "data")) {
      throw std::runtime_error("DFLARE_DATA is '" + std::string(given) +
                               "', expected a folder with a sub-folder 'data'");
    }
    return given;
  }
  const fs::path source_tree = DFLARE_SOURCE_TREE;
  const fs::path beside = source_tree.parent_path() / "shared";
  return fs::is_directory(beside / "data") ? beside.string() : "";
}

}  // namespace dflare::test
