// The pictures of a finding, encoded once and before any lock.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>

#include "dflare/corpus.hpp"
#include "finding/fakes.hpp"
#include "finding/finding_folder.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;

class EncodedOnce : public testing::Test {
 protected:
  std::string new_folder() { return fmt::format("{}/{}", folder_, folders_++); }
  FindingWriter writer() {
    return {new_folder(), pair_.original, pair_.compressed, some_seeds(), {}};
  }
  std::string added_to_corpus(const Deviation& deviation) {
    const std::string folder = new_folder();
    CorpusWriter(folder, pair_.original, pair_.compressed, {}).add(deviation);
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
      if (fs::exists(entry.path() / "finding.json")) return entry.path().string();
    return "";
  }
  static void expect_same_files(const std::string& one, const std::string& other) {
    for (const char* file : {"/seed.png", "/mutant.png", "/difference.png", "/finding.json"})
      EXPECT_EQ(content_of(one + file), content_of(other + file)) << file;
  }

  const std::string folder_ = fresh_folder();
  int folders_ = 0;
  Pair pair_;
  Deviation deviation_ = deviation_of("a");
};

TEST_F(EncodedOnce, WhatWasPreparedIsWrittenByWriterAndCorpus) {
  auto plain = writer(), prepared = writer();
  plain.deviation(deviation_);
  prepared.prepare(deviation_);
  ASSERT_NE(deviation_.encoded, nullptr);
  EXPECT_EQ(pictures_of(deviation_, "nowhere"), deviation_.encoded) << "not encoded again";
  prepared.deviation(deviation_);
  expect_same_files(prepared.folder_of("a"), plain.folder_of("a"));
  expect_same_files(added_to_corpus(deviation_), plain.folder_of("a"));
}

TEST_F(EncodedOnce, BytesThatWerePreparedAreTheFiles) {
  auto pictures = std::make_shared<EncodedPictures>(*pictures_of(deviation_, "nowhere"));
  pictures->mutant = "these bytes";
  deviation_.encoded = pictures;
  auto out = writer();
  out.deviation(deviation_);
  EXPECT_EQ(content_of(out.folder_of("a") + "/mutant.png"), "these bytes");
  EXPECT_EQ(content_of(added_to_corpus(deviation_) + "/mutant.png"), "these bytes");
}

TEST_F(EncodedOnce, OfOtherImagesIsNotUsed) {
  writer().prepare(deviation_);
  const std::shared_ptr<const EncodedPictures> before = deviation_.encoded;
  Deviation other_seed = deviation_, other_mutant = deviation_;
  other_seed.seed.image = picture(8, 8, 1, 5);
  other_mutant.mutant = picture(8, 8, 1, 5);
  for (const Deviation& other : {other_seed, other_mutant}) {
    EXPECT_NE(pictures_of(other, "nowhere"), before);
    auto out = writer();
    out.deviation(other);
    EXPECT_TRUE(same_pixels(read_image(out.folder_of("a") + "/seed.png"), other.seed.image));
    EXPECT_TRUE(same_pixels(read_image(out.folder_of("a") + "/mutant.png"), other.mutant));
  }
}

TEST_F(EncodedOnce, ACorpusPreparesForItself) {
  CorpusWriter(new_folder(), pair_.original, pair_.compressed, {}).prepare(deviation_);
  ASSERT_NE(deviation_.encoded, nullptr);
  auto out = writer();
  out.deviation(deviation_);
  EXPECT_TRUE(same_pixels(read_image(out.folder_of("a") + "/mutant.png"), deviation_.mutant));
}

TEST_F(EncodedOnce, WhatCannotBeEncodedSaysWhere) {
  deviation_.mutant = Image(8, 8, CV_32FC1, cv::Scalar(0));
  deviation_.seed.image = deviation_.mutant;
  auto out = writer();
  EXPECT_THAT(message_of<FindingError>([&] { out.prepare(deviation_); }),
              testing::HasSubstr("cannot write findings to '" + out.folder() + "'"));
  const std::string corpus = new_folder();
  const CorpusWriter into(corpus, pair_.original, pair_.compressed, {});
  EXPECT_THAT(message_of<FindingError>([&] { into.prepare(deviation_); }),
              testing::HasSubstr("cannot write to the corpus '" + corpus + "'"));
}

}  // namespace
}  // namespace dflare::test
