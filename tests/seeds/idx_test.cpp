#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/endian/conversion.hpp>
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>

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

std::string numbers(const std::vector<std::uint32_t>& values) {
  std::string bytes;
  for (const std::uint32_t value : values) {
    unsigned char number[4];
    boost::endian::store_big_u32(number, value);
    bytes.append(number, number + 4);
  }
  return bytes;
}

/// Pixels 0, 1, 2, ... in images of 2 x 3.
std::string three_images() {
  std::string bytes = numbers({2051, 3, 2, 3});
  for (char pixel = 0; pixel < 18; ++pixel) bytes += pixel;
  return bytes;
}

std::string three_labels() {
  return numbers({2049, 3}) + "\x07\x02\xFF";
}

std::string packed(const std::string& bytes) {
  boost::iostreams::filtering_istream in;
  in.push(boost::iostreams::gzip_compressor());
  in.push(boost::iostreams::array_source(bytes.data(), bytes.size()));
  std::string compressed;
  boost::iostreams::copy(in, boost::iostreams::back_inserter(compressed));
  return compressed;
}

class IdxSeeds : public testing::Test {
 protected:
  IdxSeeds() : folder_(test::fresh_folder()) {}

  std::string file(const std::string& name, const std::string& bytes) const {
    write_atomically(folder_ + "/" + name, bytes);
    return folder_ + "/" + name;
  }

  /// The message of opening these images, and labels if there are some.
  std::string error(const std::string& images, const std::string& labels = "") const {
    const std::string images_file = file("images", images);
    const std::string labels_file = labels.empty() ? "" : file("labels", labels);
    try {
      SeedSet::idx(images_file, labels_file);
    } catch (const SeedError& failed) {
      return failed.what();
    }
    return "no error";
  }

  const std::string folder_;
};

TEST_F(IdxSeeds, ArePlainOrPacked) {
  for (const bool gzip : {false, true}) {
    const SeedSet seeds =
        SeedSet::idx(file("images", gzip ? packed(three_images()) : three_images()),
                     file("labels", gzip ? packed(three_labels()) : three_labels()));
    ASSERT_EQ(seeds.size(), 3u);
    const Seed seed = seeds.load(1);
    EXPECT_EQ(seed.id, "1");
    EXPECT_EQ(seed.label, 2);
    EXPECT_TRUE(same_pixels(seed.image, (cv::Mat_<unsigned char>(2, 3) << 6, 7, 8, 9, 10, 11)));
    EXPECT_EQ(seeds.label(2), 255);
    EXPECT_EQ(seeds.name(), "images of images");
  }
}

TEST_F(IdxSeeds, LabelsAreOptional) {
  const SeedSet seeds = SeedSet::idx(file("images", three_images()));
  EXPECT_EQ(seeds.label(0), std::nullopt);
  EXPECT_EQ(seeds.load(2).label, std::nullopt);
}

TEST_F(IdxSeeds, AreRecognisedByOpen) {
  for (const std::string& bytes : {three_images(), packed(three_images())}) {
    const SeedSet seeds = SeedSet::open(file("images", bytes));
    EXPECT_EQ(seeds.size(), 3u);
    EXPECT_EQ(seeds.load(0).image.channels(), 1);
  }
  EXPECT_EQ(SeedSet::open(file("images", three_images()), ColorMode::rgb).load(0).image.channels(),
            3);
  EXPECT_THAT([&] { SeedSet::open(file("labels", three_labels())); },
              ThrowsMessage<SeedError>(HasSubstr("it holds labels")));
}

TEST_F(IdxSeeds, EndAtTheLastImage) {
  const auto source = idx_source(file("images", three_images()), "", ColorMode::as_file);
  EXPECT_NO_THROW(source->load(2));
  EXPECT_THROW(source->load(3), std::out_of_range);
}

TEST_F(IdxSeeds, MissingFiles) {
  EXPECT_THAT([&] { SeedSet::idx(folder_ + "/missing"); },
              ThrowsMessage<SeedError>(AllOf(HasSubstr("/missing"), HasSubstr("No such file"))));
  const std::string images = file("images", three_images());
  EXPECT_THAT([&] { SeedSet::idx(images, folder_ + "/missing"); },
              ThrowsMessage<SeedError>(HasSubstr("/missing")));
}

TEST_F(IdxSeeds, TruncatedFiles) {
  const std::string images = three_images(), labels = three_labels();
  EXPECT_THAT(error(images.substr(0, 33)), AllOf(HasSubstr("/images' is truncated: 33 bytes"),
                                                 HasSubstr("3 images of 2 x 3"), HasSubstr("34")));
  EXPECT_THAT(error(images.substr(0, 10)), HasSubstr("header of an IDX file of images takes 16"));
  EXPECT_THAT(error(""), HasSubstr("is truncated: 0 bytes"));
  EXPECT_THAT(error(images, labels.substr(0, 10)), HasSubstr("/labels' is truncated: 10 bytes"));
  EXPECT_THAT(error(images, labels.substr(0, 4)), HasSubstr("IDX file of labels takes 8"));
}

TEST_F(IdxSeeds, ArePackedAndNotUnpackedBeyondWhatTheHeaderSays) {
  const std::string much = packed(three_images() + std::string(64 << 20, '\0'));
  EXPECT_THAT(error(much), AllOf(HasSubstr("is longer than its header says: at least 35 bytes"),
                                 HasSubstr("3 images of 2 x 3, which take 34")));
  EXPECT_THAT(error(packed(three_images()), packed(three_labels() + std::string(1 << 20, '\1'))),
              HasSubstr("/labels' is longer than its header says: at least 12 bytes"));
  const std::string promised = numbers({2051, 4000000000, 60000, 60000}) + "12";
  EXPECT_THAT(error(packed(promised)), HasSubstr("packed bytes cannot hold them"));
}

TEST_F(IdxSeeds, LongerThanAnnounced) {
  EXPECT_THAT(error(three_images() + "x"), HasSubstr("/images' is longer than its header says"));
  EXPECT_THAT(error(three_images(), three_labels() + "x"),
              HasSubstr("/labels' is longer than its header says"));
}

TEST_F(IdxSeeds, DamagedGzipFiles) {
  const std::string whole = packed(three_images());
  for (std::size_t length = 2; length < whole.size(); ++length) {
    EXPECT_THAT(error(whole.substr(0, length)), HasSubstr("/images'")) << length;
  }
  std::string checksum = whole;
  checksum[whole.size() - 6] ^= 1;
  EXPECT_THAT(error(checksum), HasSubstr("damaged or cut-off gzip file"));
}

TEST_F(IdxSeeds, PackedMayBePaddedWithZerosAndOfSeveralParts) {
  const std::string images = three_images();
  const std::string whole = packed(images);
  for (const std::size_t zeros : {1, 7, 9, 512}) {
    const SeedSet seeds = SeedSet::idx(file("images", whole + std::string(zeros, '\0')));
    EXPECT_EQ(seeds.load(2).image.at<unsigned char>(1, 2), 17) << zeros;
  }
  const std::string parts = packed(images.substr(0, 20)) + packed(images.substr(20));
  EXPECT_EQ(SeedSet::idx(file("images", parts)).size(), 3U);
  EXPECT_EQ(SeedSet::idx(file("images", parts + std::string(512, '\0'))).size(), 3U);
  EXPECT_THAT(error(whole.substr(0, whole.size() - 5) + std::string(512, '\0')),
              HasSubstr("damaged or cut-off gzip file"));
  EXPECT_THAT(error(whole + "garbage"), HasSubstr("or something else follows it"));
}

TEST_F(IdxSeeds, ColorsCanBeAskedFor) {
  const std::string images = file("images", three_images()),
                    labels = file("labels", three_labels());
  const SeedSet seeds = SeedSet::idx(images, labels, ColorMode::rgb);
  EXPECT_EQ(shape_text(seeds.load(1).image), "2 x 3 x 3");
  EXPECT_EQ(seeds.label(1), 2);
}

TEST_F(IdxSeeds, FilesOfOtherKindsAreNamed) {
  EXPECT_THAT(error(packed(packed(three_images()))), HasSubstr("(it is a gzip file: unpack it)"));
  EXPECT_THAT(error(packed(std::string(257, 'n') + "ustar and more")),
              HasSubstr("(it is a tar archive: unpack it)"));
  EXPECT_THAT(error(numbers({0x00000804, 1, 2, 3, 3}) + std::string(18, 'x')),
              HasSubstr("(it is an IDX file of bytes in 4 dimension(s): write bytes in 3"));
  EXPECT_THAT(error(numbers({0x00000D03, 1, 2, 3}) + std::string(24, 'x')),
              HasSubstr("(it is an IDX file of 32-bit floats in 3 dimension(s)"));
  EXPECT_THAT(error(three_images(), numbers({0x00000C02, 3, 8}) + std::string(96, '\0')),
              AllOf(HasSubstr("no IDX file of labels"),
                    HasSubstr("of 32-bit integers in 2 dimension(s): write bytes in 1)")));
  EXPECT_THAT(error(numbers({0x03080000, 0x03000000, 0x02000000, 0x03000000})),
              HasSubstr("(its numbers have their lowest byte first: write them"));
}

TEST_F(IdxSeeds, WrongMagicNumbers) {
  EXPECT_THAT(error(numbers({3000, 3, 2, 3}) + std::string(18, 'x')),
              AllOf(HasSubstr("magic number is 3000, expected 2051"),
                    HasSubstr("give a file of that format")));
  EXPECT_THAT(error(three_labels() + "padding for a header"),
              AllOf(HasSubstr("no IDX file of images"), HasSubstr("it holds labels")));
  EXPECT_THAT(error(three_images(), three_images()),
              AllOf(HasSubstr("no IDX file of labels"), HasSubstr("it holds images")));
}

TEST_F(IdxSeeds, ImpossibleSizes) {
  EXPECT_THAT(error(numbers({2051, 0, 2, 3})), HasSubstr("0 images of 2 x 3"));
  EXPECT_THAT(error(numbers({2051, 3, 0, 3})), HasSubstr("expected at least one"));
  EXPECT_THAT(error(numbers({2051, 3, 2, 0})), HasSubstr("expected at least one"));
  EXPECT_THAT(error(numbers({2051, 1, 0x80000000, 1})), HasSubstr("sides from 1 to 65535"));
  EXPECT_THAT(error(numbers({2051, 1, 1, 0x80000000})), HasSubstr("sides from 1 to 65535"));
}

TEST_F(IdxSeeds, LabelsOfOtherImages) {
  EXPECT_THAT(error(three_images(), numbers({2049, 2}) + "ab"),
              AllOf(HasSubstr("/labels' holds 2 labels"), HasSubstr("/images' 3 images")));
}

TEST(MnistSeeds, AreAsDistributed) {
  if (test::data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  const std::string mnist = test::data_folder() + "/data/mnist/t10k-";
  const SeedSet seeds =
      SeedSet::idx(mnist + "images-idx3-ubyte.gz", mnist + "labels-idx1-ubyte.gz");
  ASSERT_EQ(seeds.size(), 10000u);
  EXPECT_EQ(shape_text(seeds.load(0).image), "28 x 28 x 1");
  EXPECT_EQ(seeds.label(0), 7);
  EXPECT_EQ(seeds.label(1), 2);
  EXPECT_EQ(seeds.label(9999), 6);
  EXPECT_EQ(seeds.name(), "images of t10k-images-idx3-ubyte.gz");
}

}  // namespace
}  // namespace dflare
