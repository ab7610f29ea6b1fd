#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <opencv2/core.hpp>

#include "dflare/error.hpp"
#include "dflare/seeds.hpp"
#include "seeds/sources.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// Red counts the columns, green the rows, blue is the label times ten.
std::string record(int label) {
  std::string red, green;
  for (int row = 0; row < 32; ++row) {
    for (int column = 0; column < 32; ++column) {
      red += static_cast<char>(column);
      green += static_cast<char>(row);
    }
  }
  return static_cast<char>(label) + red + green + std::string(1024, static_cast<char>(10 * label));
}

std::string file(const std::string& path, const std::string& bytes) {
  boost::filesystem::create_directories(boost::filesystem::path(path).parent_path());
  write_atomically(path, bytes);
  return path;
}

TEST(Cifar10Seeds, HaveLabelsAndRgbPixels) {
  const std::string path = file(test::fresh_folder() + "/test.bin", record(3) + record(9));
  for (const SeedSet& seeds : {SeedSet::cifar10(path), SeedSet::open(path)}) {
    ASSERT_EQ(seeds.size(), 2u);
    const Seed seed = seeds.load(1);
    EXPECT_EQ(seed.id, "1");
    EXPECT_EQ(seed.label, 9);
    ASSERT_EQ(shape_text(seed.image), "32 x 32 x 3");
    EXPECT_EQ(seed.image.at<cv::Vec3b>(4, 30), cv::Vec3b(30, 4, 90));
    EXPECT_EQ(seeds.label(0), 3);
    EXPECT_EQ(seeds.name(), "images of test.bin");
  }
  EXPECT_EQ(SeedSet::open(path, ColorMode::grey).load(0).image.type(), CV_8UC1);
}

TEST(Cifar10Seeds, ColorsCanBeAskedFor) {
  const std::string path = file(test::fresh_folder() + "/test.bin", record(3));
  EXPECT_EQ(SeedSet::cifar10(path, ColorMode::grey).load(0).image.type(), CV_8UC1);
  EXPECT_EQ(SeedSet::cifar10({path}, ColorMode::grey).load(0).image.type(), CV_8UC1);
}

TEST(Cifar10Seeds, FilesOfOtherKindsAreNamed) {
  const std::string folder = test::fresh_folder();
  const std::string cifar100 = file(folder + "/test.bin", std::string(5 * 3074, '\3'));
  EXPECT_THAT([&] { SeedSet::cifar10(cifar100); },
              ThrowsMessage<SeedError>(AllOf(
                  HasSubstr("/test.bin' is no CIFAR-10 binary file (it is as long as 5 records of "
                            "3074 bytes, as CIFAR-100 has: write these images to a folder"),
                  HasSubstr("15370 bytes, expected a multiple of 3073"))));
  // As long as whole records of both.
  const std::string both = file(folder + "/both.bin", std::string(3073 * 3074, '\x0B'));
  EXPECT_THAT([&] { SeedSet::cifar10(both); },
              ThrowsMessage<SeedError>(
                  AllOf(HasSubstr("3073 records of 3074 bytes"), HasSubstr("has label 11"))));
  const std::string archive = file(folder + "/x.tar.gz", "\x1f\x8b\x08 packed");
  EXPECT_THAT([&] { SeedSet::cifar10(archive); },
              ThrowsMessage<SeedError>(HasSubstr("(it is a gzip file: unpack it)")));
}

TEST(Cifar10Seeds, OfSeveralFilesAreNamedAfterThem) {
  const std::string folder = test::fresh_folder();
  const SeedSet seeds = SeedSet::cifar10(
      {file(folder + "/b.bin", record(1) + record(2)), file(folder + "/a.bin", record(4))});
  ASSERT_EQ(seeds.size(), 3u);
  EXPECT_EQ(seeds.id(1), "b.bin:1");
  EXPECT_EQ(seeds.id(2), "a.bin:0");
  EXPECT_EQ(seeds.label(2), 4);
  EXPECT_EQ(seeds.load(2).image.at<cv::Vec3b>(0, 0)[2], 40);
  EXPECT_EQ(seeds.name(), "images of b.bin and 1 more");
}

TEST(Cifar10Seeds, WrongSizes) {
  const std::string folder = test::fresh_folder();
  for (const std::size_t size : {0, 1, 3072, 3074, 6145}) {
    const std::string path = file(folder + "/x.bin", std::string(size, '\1'));
    EXPECT_THAT([&] { SeedSet::cifar10(path); },
                ThrowsMessage<SeedError>(AllOf(HasSubstr("/x.bin"),
                                               HasSubstr(std::to_string(size) + " bytes"),
                                               HasSubstr("multiple of 3073"))));
  }
}

TEST(Cifar10Seeds, ImpossibleLabels) {
  const std::string path = file(test::fresh_folder() + "/x.bin", record(9) + record(10));
  EXPECT_THAT([&] { SeedSet::cifar10(path); },
              ThrowsMessage<SeedError>(AllOf(HasSubstr("/x.bin"), HasSubstr("image 1 has label 10"),
                                             HasSubstr("0 to 9"))));
}

TEST(Cifar10Seeds, EndAtTheLastImage) {
  const auto source =
      cifar10_source({file(test::fresh_folder() + "/x.bin", record(1))}, ColorMode::as_file);
  EXPECT_NO_THROW(source->load(0));
  EXPECT_THROW(source->load(1), std::out_of_range);
}

TEST(Cifar10Seeds, MissingOrAmbiguousFiles) {
  const std::string folder = test::fresh_folder();
  EXPECT_THAT([&] { SeedSet::cifar10(folder + "/x.bin"); },
              ThrowsMessage<SeedError>(AllOf(HasSubstr("/x.bin"), HasSubstr("No such file"))));
  EXPECT_THAT([&] { SeedSet::cifar10(std::vector<std::string>{}); },
              ThrowsMessage<SeedError>(HasSubstr("at least one")));
  const std::string one = file(folder + "/1/x.bin", record(1));
  const std::string two = file(folder + "/2/x.bin", record(1));
  EXPECT_THAT(
      [&] {
        SeedSet::cifar10({one, two});
      },
      ThrowsMessage<SeedError>(HasSubstr("two CIFAR-10 files are called 'x.bin'")));
}

TEST(Cifar10Seeds, AreAsDistributed) {
  if (test::data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  const SeedSet seeds = SeedSet::open(test::data_folder() + "/data/cifar10/test_batch.bin");
  ASSERT_EQ(seeds.size(), 10000u);
  // True of every order of the images: some copies are sorted in another way than the first one.
  std::vector<int> of_label(10);
  cv::Scalar sum;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    ++of_label.at(seeds.label(i).value());
    sum += cv::mean(seeds.load(i).image);
  }
  EXPECT_THAT(of_label, testing::Each(1000));
  // The published means are 0.494, 0.485 and 0.450 of 255.
  EXPECT_NEAR(sum[0] / 10000, 126.0, 0.5);
  EXPECT_NEAR(sum[1] / 10000, 123.7, 0.5);
  EXPECT_NEAR(sum[2] / 10000, 114.9, 0.5);
}

}  // namespace
}  // namespace dflare
