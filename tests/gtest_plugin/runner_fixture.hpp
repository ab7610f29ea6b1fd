#pragma once

#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "dflare/random.hpp"
#include "gtest_plugin/child.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/torch_models.hpp"

namespace dflare::test {

/// A folder with a manifest of its own, in which dflare-test runs. The models are small TorchScript
/// files: `same.pt` answers as `a.pt`, `other.pt` has other weights.
class RunnerTest : public ::testing::Test {
 protected:
  RunnerTest() : folder_(fresh_folder()) {
    save_linear(folder_ + "/a.pt", 1, 8, 8, 4);
    save_linear(folder_ + "/same.pt", 1, 8, 8, 4);
    save_linear(folder_ + "/other.pt", 1, 8, 8, 4, 2);
    boost::filesystem::create_directory(folder_ + "/seeds");
    for (int i = 0; i < 10; ++i) {
      write_png(folder_ + "/seeds/" + std::to_string(i) + ".png", noise(i));
    }
    write("m.yaml", manifest());
  }

  /// Images that the models see differently from one another.
  static Image noise(int variant) {
    Random random(static_cast<std::uint64_t>(variant));
    Image image(8, 8, CV_8UC1);
    for (int i = 0; i < 64; ++i) image.data[i] = static_cast<unsigned char>(random.integer(0, 255));
    return image;
  }

  /// Two pairs in blocks of four seeds; Other deviates, Same does not.
  static std::string manifest() {
    return R"(dflare: 1
defaults: {seeds: seeds, options: {queries: 30, block: 4}}
pairs:
  - {name: Same, original: a.pt, compressed: same.pt}
  - {name: Other, original: a.pt, compressed: other.pt}
)";
  }

  /// The same images in two folders of classes.
  void write_classes() const {
    for (int i = 0; i < 10; ++i) {
      const std::string folder = path("classes/") + (i % 2 == 0 ? "0" : "1");
      boost::filesystem::create_directories(folder);
      write_png(folder + "/" + std::to_string(i) + ".png", noise(i));
    }
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(path(name)) << text;
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  bool exists(const std::string& name) const { return boost::filesystem::exists(path(name)); }

  Ended run(const std::string& arguments, const std::string& environment = "") const {
    return run_in(folder_, environment + " " DFLARE_TEST_PROGRAM " " + arguments);
  }

  nlohmann::json json(const std::string& name) const {
    return nlohmann::json::parse(read_file(path(name)));
  }

  std::string folder_;
};

}  // namespace dflare::test
