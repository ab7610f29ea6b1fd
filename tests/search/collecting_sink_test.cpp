#include "dflare/collecting_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "finding/finding_folder.hpp"
#include "search/searching.hpp"

namespace dflare {
namespace {

using test::brightening;
using test::FakeModel;
using test::flat_seeds;
using testing::ElementsAre;

Deviation at(std::size_t position) {
  Deviation deviation;
  deviation.position = position;
  deviation.encoded = std::make_shared<EncodedPictures>();
  return deviation;
}

TEST(CollectingSink, KeepsWhatIsFoundInTheOrderOfTheSeeds) {
  CollectingSink found;
  for (const std::size_t position : {7, 2, 5}) found.deviation(at(position));
  Failure failure;
  failure.position = 3;
  failure.message = "why";
  found.failure(failure);
  std::vector<std::size_t> positions;
  for (const auto& [position, deviation] : found.deviations) {
    positions.push_back(deviation.position);
    EXPECT_EQ(deviation.encoded, nullptr) << "memory that nobody needs any more";
  }
  EXPECT_THAT(positions, ElementsAre(2, 5, 7));
  EXPECT_EQ(found.failures.at(3).message, "why");
}

TEST(CollectingSink, HandsEverythingOn) {
  struct Next : SearchSink {
    void prepare(Deviation& d) override { d.queries = 9; }
    void deviation(const Deviation& d) override { calls.push_back(d.encoded ? "whole" : "less"); }
    void failure(const Failure&) override { calls.push_back("failure"); }
    void block_done(std::size_t block, const std::vector<SeedResult>& seeds) override {
      calls.push_back(std::to_string(block) + " of " + std::to_string(seeds.size()));
    }
    std::vector<std::string> calls;
  };
  Next next;
  CollectingSink found(&next);
  Deviation deviation = at(1);
  found.prepare(deviation);
  EXPECT_EQ(deviation.queries, 9);
  found.deviation(deviation);
  found.failure({});
  found.block_done(4, std::vector<SeedResult>(2));
  EXPECT_THAT(next.calls, ElementsAre("whole", "failure", "4 of 2"));
}

TEST(Search, HasEachDeviationPreparedJustBeforeItIsHandedOver) {
  struct Preparing : SearchSink {
    void prepare(Deviation& d) override { d.encoded = std::make_shared<EncodedPictures>(); }
    void deviation(const Deviation& d) override { ++(d.encoded ? prepared : others); }
    int prepared = 0, others = 0;
  };
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  Preparing sink;
  search(original, compressed, flat_seeds({100, 110, 140}), Options(brightening(10)), &sink);
  EXPECT_EQ(sink.prepared, 3);
  EXPECT_EQ(sink.others, 0);
}

// Two workers meet in prepare(), which they could not under one lock.
TEST(Search, PreparesOutsideOfTheLock) {
  class Meeting : public SearchSink {
   public:
    void prepare(Deviation&) override {
      std::unique_lock<std::mutex> lock(mutex_);
      ++there_;
      changed_.notify_all();
      met = met || changed_.wait_for(lock, std::chrono::minutes(1), [this] { return there_ > 1; });
    }
    bool met = false;

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int there_ = 0;
  };
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  Meeting sink;
  search(original, compressed, flat_seeds({130, 130}), Options(brightening(10)).block(1).workers(2),
         &sink);
  EXPECT_TRUE(sink.met);
}

}  // namespace
}  // namespace dflare
