#include "model/torchscript/quantised_engine.hpp"

#include <ATen/Context.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/scores_of.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using test::pictures;
using test::scores_of;
using testing::AllOf;
using testing::HasSubstr;

std::string lower_case_engine() {
  std::string name = c10::toString(at::globalContext().qEngine());
  for (char& letter : name) letter = static_cast<char>(std::tolower(letter));
  return name;
}

std::string int8_file() {
  return test::data_folder().empty() ? "" : test::data_folder() + "/models/mnist_lenet5_int8.pt";
}

LoadOptions under(const std::string& engine) {
  LoadOptions options;
  options.engine = engine;
  return options;
}

TEST(QuantisedEngine, TheFirstThereIsChosenWhereNoneIsWanted) {
  const std::vector<std::string> there = quantised_engines();
  ASSERT_FALSE(there.empty());
  EXPECT_EQ(choose_quantised_engine(""), there.front());
  for (const std::string& engine : there) EXPECT_EQ(choose_quantised_engine(engine), engine);
}

TEST(QuantisedEngine, OneThatIsNotThereIsRefusedWithThoseThatAre) {
  EXPECT_THAT(message_of<ModelError>([] { choose_quantised_engine("onednnn"); }),
              AllOf(HasSubstr("'onednnn'"), HasSubstr("has: " + quantised_engines().front())));
}

TEST(QuantisedEngineTurn, NoTwoEnginesAtOnceAndThatOfOthersAfterwards) {
  const std::vector<std::string> there = quantised_engines();
  if (there.size() < 2) GTEST_SKIP() << "needs a LibTorch with two quantised engines";
  const std::string before = lower_case_engine();
  std::atomic<int> wrong{0}, turns{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, engine = there[static_cast<std::size_t>(t % 2)]] {
      for (int turn = 0; turn < 200; ++turn) {
        const QuantisedEngineTurn mine(engine);
        for (int look = 0; look < 20; ++look) {
          if (lower_case_engine() != engine) ++wrong;
          std::this_thread::yield();
        }
        ++turns;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(turns, 800);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(lower_case_engine(), before);
}

TEST(QuantisedEngineTurn, ThoseOfOneEngineGoTogetherAndAnEmptyNameWaitsForNobody) {
  const std::string engine = quantised_engines().front();
  const QuantisedEngineTurn mine(engine);
  std::string of_another;
  std::thread([&] {
    const QuantisedEngineTurn together(engine);
    of_another = lower_case_engine();
  }).join();
  EXPECT_EQ(of_another, engine);
  const QuantisedEngineTurn none("");
  EXPECT_EQ(lower_case_engine(), engine) << "it is still the turn of that one";
}

TEST(QuantisedModel, SaysUnderWhichEngineItRuns) {
  if (int8_file().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  EXPECT_EQ(load(int8_file())->info().engine, quantised_engines().front());
  for (const std::string& engine : quantised_engines()) {
    const auto model = load(int8_file(), under(engine));
    EXPECT_EQ(model->info().engine, engine);
    EXPECT_EQ(model->replicate()->info().engine, engine);
  }
}

TEST(QuantisedModel, NamesItsEngineWhereItFails) {
  if (int8_file().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  const auto model = load(int8_file());
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(pictures(2, 4, 6, 1)); }),
              AllOf(HasSubstr(int8_file()), HasSubstr("failed on 2 image(s) of 4 x 6 x 1: "),
                    HasSubstr("(quantised engine '" + quantised_engines().front() + "')")));
}

// The engines' answers differ, so that one under the wrong engine is seen.
TEST(QuantisedModel, EachEngineGivesItsOwnAnswersFromManyThreadsAtOnce) {
  if (int8_file().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  const std::vector<std::string> there = quantised_engines();
  if (there.size() < 2) GTEST_SKIP() << "needs a LibTorch with two quantised engines";
  constexpr int rounds = 20, count = 32;
  std::vector<std::vector<float>> expected;
  std::vector<std::shared_ptr<Model>> models;
  for (const std::string& engine : {there.front(), there.back()}) {
    models.push_back(load(int8_file(), under(engine)));
    expected.push_back(scores_of(*models.back(), pictures(count, 28, 28, 1)));
  }
  ASSERT_NE(expected[0], expected[1]);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, which = t % 2] {
      const ImageBatch batch = pictures(count, 28, 28, 1);
      auto replica = models[which]->replicate();
      for (int round = 0; round < rounds; ++round) {
        if (round % 5 == 4) replica = models[which]->replicate();
        if (scores_of(*replica, batch) != expected[which]) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace dflare
