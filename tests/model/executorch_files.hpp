#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "dflare/seeds.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::test {

inline ImageBatch batch_of(const SeedSet& seeds) {
  ImageBatch images;
  for (std::size_t i = 0; i < seeds.size(); ++i) images.add(seeds.load(i).image);
  return images;
}

/// The .pte files among the real models, and damaged copies of one.
class ExecuTorchFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  }
  static std::string path(const std::string& name) { return data_folder() + "/models/" + name; }
  static ImageBatch digits(std::size_t count) {
    const std::string folder = data_folder() + "/data/mnist/";
    return batch_of(
        SeedSet::idx(folder + "t10k-images-idx3-ubyte.gz", folder + "t10k-labels-idx1-ubyte.gz")
            .take(count));
  }
  static ImageBatch things(std::size_t count) {
    return batch_of(SeedSet::cifar10(data_folder() + "/data/cifar10/test_batch.bin").take(count));
  }

  // mnist_lenet5.pte, with a byte changed that is known to be `from`.
  static std::string changed(std::size_t at, char from, char to) {
    std::string bytes = read_file(path("mnist_lenet5.pte"));
    EXPECT_EQ(bytes.at(at), from) << "this is another mnist_lenet5.pte";
    bytes[at] = to;
    return bytes;
  }
  // The same file with a text changed to another of the same length.
  static std::string changed(const std::string& from, const std::string& to) {
    std::string bytes = read_file(path("mnist_lenet5.pte"));
    const std::size_t at = bytes.find(from);
    EXPECT_NE(at, std::string::npos) << "this is another mnist_lenet5.pte";
    return bytes.replace(at, from.size(), to);
  }
  static std::string file_with(const std::string& bytes) {
    const std::string file = fresh_folder() + "/model.pte";
    write_atomically(file, bytes);
    return file;
  }
  static std::string refusal(const std::string& bytes, const LoadOptions& options = {}) {
    const std::string file = file_with(bytes);
    const std::string message = message_of<ModelError>([&] { load(file, options); });
    EXPECT_THAT(message, testing::HasSubstr(file));
    return message;
  }
};

}  // namespace dflare::test
