#include "dflare/seeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "dflare/error.hpp"
#include "seeds/ids_of.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

using test::ids_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

/// Images of 2 x 2 pixels whose value is the index.
SeedSet counted(int count) {
  std::vector<Image> images;
  for (int i = 0; i < count; ++i) images.emplace_back(2, 2, CV_8UC1, cv::Scalar(i));
  return SeedSet::images(images);
}

/// A user's own source, whose image 1 cannot be read.
class OwnSource : public SeedSource {
 public:
  explicit OwnSource(std::vector<std::string> ids) : ids_(std::move(ids)) {}
  std::size_t size() const override { return ids_.size(); }
  std::string id(std::size_t index) const override { return ids_.at(index); }
  std::optional<int> label(std::size_t) const override { return std::nullopt; }
  Image load(std::size_t index) const override {
    if (index == 1) throw SeedError("unreadable");
    return test::picture(4, 4, 1);
  }
  std::string name() const override { return "images of mine"; }
  std::vector<std::string> remarks() const override { return {"one is left out"}; }

 private:
  std::vector<std::string> ids_;
};

TEST(SeedSets, TakeAndSkipKeepTheIdsOfTheSource) {
  const SeedSet seeds = counted(10);
  EXPECT_THAT(ids_of(seeds.take(3)), ElementsAre("0", "1", "2"));
  EXPECT_THAT(ids_of(seeds.skip(7)), ElementsAre("7", "8", "9"));
  EXPECT_THAT(ids_of(seeds.skip(5).take(2).skip(1)), ElementsAre("6"));
  EXPECT_EQ(seeds.skip(7).load(1).image.at<unsigned char>(0, 0), 8);
  EXPECT_EQ(seeds.skip(7).load(1).id, "8");
  EXPECT_EQ(seeds.size(), 10u) << "the set itself stays as it is";
}

TEST(SeedSets, TakeAndSkipBeyondTheEnd) {
  const SeedSet seeds = counted(3);
  EXPECT_EQ(seeds.take(4).size(), 3u);
  EXPECT_TRUE(seeds.take(0).empty());
  EXPECT_EQ(seeds.skip(0).size(), 3u);
  EXPECT_TRUE(seeds.skip(3).empty());
  EXPECT_TRUE(seeds.skip(4).empty());
}

TEST(SeedSets, SayWhereThereIsLessThanAskedFor) {
  const SeedSet seeds = counted(3);
  EXPECT_THAT(seeds.take(3).skip(3).take(0).remarks(), IsEmpty());
  EXPECT_THAT(seeds.take(500).remarks(), ElementsAre("take 500: there are 3"));
  EXPECT_THAT(seeds.skip(2).take(2).remarks(), ElementsAre("take 2: there is 1"));
  EXPECT_THAT(seeds.skip(4).sample(1, 1).remarks(),
              ElementsAre("skip 4: there are 3", "sample 1: there are 0"));
  EXPECT_THAT(seeds.remarks(), IsEmpty()) << "the set itself stays as it is";
}

TEST(SeedSets, PassOnWhatTheirSourceSays) {
  const SeedSet own(std::make_shared<OwnSource>(std::vector<std::string>{"a", "b"}));
  EXPECT_THAT(own.take(3).remarks(), ElementsAre("one is left out", "take 3: there are 2"));
}

TEST(SeedSets, KnowTheirLargestLabel) {
  EXPECT_EQ(counted(3).largest_label_at(), std::nullopt);
  const Image image = test::picture(2, 2, 1);
  const SeedSet seeds = SeedSet::images({image, image, image, image}, {1, 7, 3, 7});
  EXPECT_EQ(seeds.largest_label_at(), 1U);
  EXPECT_EQ(seeds.skip(2).largest_label_at(), 1U) << "a position in the choice";
  EXPECT_EQ(seeds.take(0).largest_label_at(), std::nullopt);
}

TEST(SeedSets, SampleIsFixedByItsRngSeed) {
  const SeedSet seeds = counted(20);
  const std::vector<std::string> first = ids_of(seeds.sample(5, 1));
  EXPECT_THAT(first, ElementsAre("2", "5", "6", "13", "14"));
  EXPECT_EQ(ids_of(seeds.sample(5, 1)), first);
  EXPECT_NE(ids_of(seeds.sample(5, 2)), first);
  EXPECT_EQ(ids_of(seeds.sample(20, 1)), ids_of(seeds));
  EXPECT_EQ(seeds.sample(21, 1).size(), 20u);
  EXPECT_TRUE(seeds.sample(0, 1).empty());
}

TEST(SeedSets, SampleDrawsEachEquallyOftenAndNoneTwice) {
  const SeedSet seeds = counted(10);
  std::vector<int> drawn(10);
  for (std::uint64_t rng_seed = 0; rng_seed < 1000; ++rng_seed) {
    const SeedSet sample = seeds.sample(3, rng_seed);
    ASSERT_EQ(sample.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
      ++drawn[std::stoul(sample.id(i))];
      if (i > 0) {
        EXPECT_LT(std::stoi(sample.id(i - 1)), std::stoi(sample.id(i)));
      }
    }
  }
  // 300 each, standard deviation 14.
  for (const int count : drawn) EXPECT_NEAR(count, 300, 70);
}

TEST(SeedSets, FilterKeepsWhatIsAskedForAndWhatCannotBeRead) {
  const SeedSet odd = counted(6).filter(
      [](const Seed& seed) { return seed.image.at<unsigned char>(0, 0) % 2 == 1; });
  EXPECT_THAT(ids_of(odd), ElementsAre("1", "3", "5"));
  const SeedSet own(std::make_shared<OwnSource>(std::vector<std::string>{"a", "b", "c"}));
  EXPECT_THAT(ids_of(own.filter([](const Seed& seed) { return seed.id == "c"; })),
              ElementsAre("b", "c"));
  EXPECT_THROW(own.filter([](const Seed&) -> bool { throw SeedError("from the filter"); }),
               SeedError);
}

TEST(SeedSets, NeedASourceOfUniqueIds) {
  EXPECT_THAT([] { SeedSet(std::shared_ptr<const SeedSource>()); },
              ThrowsMessage<SeedError>(HasSubstr("null pointer")));
  const auto open = [](std::vector<std::string> ids) {
    SeedSet(std::make_shared<OwnSource>(std::move(ids)));
  };
  EXPECT_THAT(
      [&] {
        open({"a", "b", "a"});
      },
      ThrowsMessage<SeedError>(HasSubstr("two of the images of mine have the id 'a'")));
  EXPECT_THAT(
      [&] {
        open({"a", ""});
      },
      ThrowsMessage<SeedError>(HasSubstr("image 1 of the images of mine has an empty id")));
}

TEST(MemorySeeds, AreCopiedOnTheWayInAndOut) {
  Image image = test::picture(4, 5, 3);
  const Image before = image.clone();
  const SeedSet seeds = SeedSet::images({image}, {2}, {"cat"});
  image.setTo(cv::Scalar::all(0));
  Seed seed = seeds.load(0);
  EXPECT_EQ(seed.id, "cat");
  EXPECT_EQ(seed.label, 2);
  EXPECT_TRUE(same_pixels(seed.image, before));
  seed.image.setTo(cv::Scalar::all(0));
  EXPECT_TRUE(same_pixels(seeds.load(0).image, before));
  EXPECT_EQ(seeds.name(), "images in memory");
  EXPECT_EQ(SeedSet::images({image}).label(0), std::nullopt);
}

TEST(MemorySeeds, WrongArguments) {
  const Image image = test::picture(4, 5, 3);
  EXPECT_THAT(
      [&] {
        SeedSet::images({image, image}, {1});
      },
      ThrowsMessage<SeedError>(HasSubstr("1 labels for 2 images")));
  EXPECT_THAT(
      [&] {
        SeedSet::images({image}, {}, {"a", "b"});
      },
      ThrowsMessage<SeedError>(HasSubstr("2 ids for 1 images")));
  EXPECT_THAT(
      [&] {
        SeedSet::images({image, image}, {}, {"a", "a"});
      },
      ThrowsMessage<SeedError>(HasSubstr("have the id 'a'")));
  EXPECT_THAT([&] { SeedSet::images({image}, {-1}); },
              ThrowsMessage<SeedError>(HasSubstr("label -1 of image 0")));
  EXPECT_THAT(
      [&] {
        SeedSet::images({image, Image(4, 5, CV_32FC1)});
      },
      ThrowsMessage<SeedError>(AllOf(HasSubstr("image 1 is 4 x 5 x 1"), HasSubstr("CV_32FC1"))));
  EXPECT_THROW(SeedSet::images({Image(4, 5, CV_8UC4)}), SeedError);
  EXPECT_THROW(SeedSet::images({Image()}), SeedError);
}

TEST(OpenSeeds, WhatIsNeitherIsAnError) {
  const std::string folder = test::fresh_folder();
  EXPECT_THAT([&] { SeedSet::open(folder + "/missing"); },
              ThrowsMessage<SeedError>(AllOf(HasSubstr("/missing"), HasSubstr("No such file"))));
  for (const std::string content : {"", "abc", "some text that is no data"}) {
    write_atomically(folder + "/file", content);
    EXPECT_THAT([&] { SeedSet::open(folder + "/file"); },
                ThrowsMessage<SeedError>(
                    AllOf(HasSubstr("/file' (" + std::to_string(content.size()) + " bytes)"),
                          HasSubstr("neither an IDX file"))));
  }
  const std::pair<std::string, std::string> kinds[] = {
      {"PK\x03\x04...", "(it is a zip archive (or an .npz file): unpack it)"},
      {"\x93NUMPY\1", "(it is a NumPy file (.npy): write its images to a folder as PNG files)"},
      {"MATLAB 5.0 MAT-file", "(it is a MATLAB file (.mat): write its images"},
      {"\x89HDF\r\n\x1a\n", "(it is an HDF5 file"},
      {"\x80\x04\x95 pickled", "(it is a pickle of Python: write its images"},
      {std::string(257, 'n') + "ustar", "(it is a tar archive: unpack it)"},
      {"\x89PNG\r\n\x1a\n", "(it is a PNG image: give the folder that it is in)"},
      {std::string(2 * 3074, '\1'), "(it is as long as 2 records of 3074 bytes, as CIFAR-100 has"},
  };
  for (const auto& [content, what] : kinds) {
    write_atomically(folder + "/file", content);
    EXPECT_THAT([&] { SeedSet::open(folder + "/file"); },
                ThrowsMessage<SeedError>(AllOf(HasSubstr("neither an IDX file of images nor"),
                                               HasSubstr(what), HasSubstr("; give one of these"))));
  }
  EXPECT_THAT([] { SeedSet::open("/dev/null"); },
              ThrowsMessage<SeedError>(HasSubstr("neither a folder nor a regular file")));
  EXPECT_THAT([&] { SeedSet::open(test::fresh_folder("empty")); },
              ThrowsMessage<SeedError>(HasSubstr("holds no PNG")));
}

}  // namespace
}  // namespace dflare
