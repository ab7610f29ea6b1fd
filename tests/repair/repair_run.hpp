#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "dflare/model.hpp"
#include "dflare/random.hpp"
#include "gtest_plugin/child.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/torch_models.hpp"

namespace dflare::test {

/// A folder with two small models and a configuration, in which dflare-repair runs.
class RepairRun : public ::testing::Test {
 protected:
  RepairRun() : folder_(fresh_folder()) {
    save_cnn(path("a.pt"), 1, size, size, classes);
    save_cnn(path("b.pt"), 1, size, size, classes, 0.5);
    write_pictures("training", 0, 40);
    write_pictures("unseen", 100, 20);
    write("c.yaml", config());
  }

  static constexpr int size = 12, classes = 4;

  /// Noise, and a bright bar at one of six places, so that the models give several classes.
  static Image noise(int variant) {
    constexpr int width = size / 6;
    Random random(static_cast<std::uint64_t>(variant));
    Image image(size, size, CV_8UC1);
    for (int i = 0; i < size * size; ++i) {
      const bool bar = i % size / width == variant % 6;
      image.data[i] = static_cast<unsigned char>(random.integer(0, 60) + (bar ? 190 : 0));
    }
    return image;
  }
  void write_pictures(const std::string& folder, int first, int count) const {
    boost::filesystem::create_directories(path(folder));
    for (int i = first; i < first + count; ++i)
      write_png(path(folder) + "/" + std::to_string(i) + ".png", noise(i));
  }

  /// `gates` and `more` are lines of YAML.
  static std::string config(const std::string& gates = "", const std::string& more = "",
                            const std::string& train = "learning_rate: 0.003",
                            const std::string& models = "original: a.pt\ncompressed: b.pt\n") {
    return "dflare_repair: 1\n" + models +
           "seeds: training\nunseen: unseen\nout: out\nsearch: {queries: 20}\n"
           "train: {rounds: 2, steps: 20, batch: 16, min_gain: 0, " +
           train +
           "}\n"
           "retest: {first_queries: 50, worst_queries: 20, everyday_queries: 5, dflare_queries: "
           "20}\n"
           "gates: {min_repaired: 0, min_agreement: 0, max_worst_regret: 100" +
           (gates.empty() ? "" : ", " + gates) + "}\n" + more;
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string file(const std::string& name) const { return read_file(path(name)); }
  bool exists(const std::string& name) const { return boost::filesystem::exists(path(name)); }
  nlohmann::json json(const std::string& name) const { return nlohmann::json::parse(file(name)); }
  nlohmann::json report(const std::string& out = "out") const {
    nlohmann::json report = json(out + "/report.json");
    report.erase("seconds");
    return report;
  }

  Ended run(const std::string& arguments = "c.yaml") const {
    return run_in(folder_, DFLARE_REPAIR_PROGRAM " " + arguments);
  }
  /// It fails, says so in one line, and leaves no model.
  void expect_error(const std::string& message, const std::string& arguments = "c.yaml") const {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << ended.output;
    EXPECT_THAT(ended.output, ::testing::HasSubstr("dflare-repair: "));
    EXPECT_THAT(ended.output, ::testing::HasSubstr(message));
    EXPECT_FALSE(exists("out/repaired.pt"));
    EXPECT_FALSE(exists("out/report.json"));
  }

  std::string folder_;
};

}  // namespace dflare::test
