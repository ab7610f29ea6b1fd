#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dflare/model.hpp"
#include "dflare/random.hpp"

namespace dflare::test {

/// tests/process/faulty_child.py: what it does wrong, and more arguments.
inline Command faulty_child(std::vector<std::string> arguments) {
  Command command{{DFLARE_TEST_PYTHON, "-B", DFLARE_SOURCE_TREE "/tests/process/faulty_child.py"},
                  ""};
  command.words.insert(command.words.end(), arguments.begin(), arguments.end());
  return command;
}

inline std::shared_ptr<Model> faulty(std::vector<std::string> arguments, LoadOptions options = {}) {
  options.input.channels = 1;
  return load_process(faulty_child(std::move(arguments)), options);
}

/// What the child takes for an image like any other.
inline Image plain(int variant = 0) {
  Random random(static_cast<std::uint64_t>(variant));
  Image image(8, 8, CV_8UC1);
  for (int i = 0; i < 64; ++i) image.data[i] = static_cast<unsigned char>(random.integer(0, 255));
  return image;
}

/// The image that the child does its wrong on.
inline Image marked(int variant = 0) {
  Image image = plain(variant);
  image.data[0] = 77;
  image.data[1] = 177;
  image.data[2] = 7;
  return image;
}

/// Tests that start programs in Python.
class NeedsPython : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string(DFLARE_TEST_PYTHON).empty()) GTEST_SKIP() << "needs Python 3";
  }
};

}  // namespace dflare::test
