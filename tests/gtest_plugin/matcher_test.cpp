#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <functional>

#include "dflare/gmock.hpp"
#include "support/fake_models.hpp"
#include "support/images.hpp"
#include "support/torch_models.hpp"

namespace {

using dflare::AgreesWith;
using dflare::DeviatesFrom;
using dflare::Image;
using dflare::Options;
using dflare::SeedSet;
using dflare::test::brightness;
using dflare::test::FakeModel;
using dflare::test::fresh_folder;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

SeedSet grey(const std::vector<int>& levels) {
  std::vector<Image> images;
  for (const int level : levels) images.emplace_back(8, 8, CV_8UC1, cv::Scalar(level));
  return SeedSet::images(images);
}

/// The messages of the failures within `body`, which are kept from the running test.
std::vector<std::string> failures_of(const std::function<void()>& body) {
  ::testing::TestPartResultArray results;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &results);
    body();
  }
  std::vector<std::string> messages;
  for (int i = 0; i < results.size(); ++i) {
    if (results.GetTestPartResult(i).failed())
      messages.emplace_back(results.GetTestPartResult(i).message());
  }
  return messages;
}

/// The only one, or all of them where there are more.
std::string failure_of(const std::function<void()>& body) {
  const std::vector<std::string> messages = failures_of(body);
  return messages.size() == 1 ? messages[0] : ::testing::PrintToString(messages);
}

class Matcher : public ::testing::Test {
 protected:
  Options options() const {
    return Options()
        .strategy("dflare")
        .operators(dflare::MutationSet::named("geometric"))
        .queries(10)
        .workers(1)
        .out(out_);
  }

  const std::string out_ = fresh_folder("out");
  FakeModel original_{brightness(0.5), "the original"};
  FakeModel equal_{brightness(0.5), "an equal one"};
  FakeModel other_{brightness(-1, 0.2), "another one"};  // always bright
  const SeedSet mixed_ = grey({230, 20, 240, 250});
};

TEST_F(Matcher, AgreementIsThatOfTheAssertion) {
  EXPECT_THAT(equal_, AgreesWith(original_, mixed_, options()));
  EXPECT_THAT(other_, Not(AgreesWith(original_, mixed_, options())));
  const std::string failure =
      failure_of([&] { EXPECT_THAT(other_, AgreesWith(original_, mixed_, options())); });
  EXPECT_THAT(failure, HasSubstr("Value of: other_\nExpected: agrees with the original on all "
                                 "mutants of 4 images in memory\n  Actual: another one"));
  EXPECT_THAT(failure, HasSubstr(", which deviates:\n  original    the original  fake, none\n"));
  EXPECT_THAT(failure, HasSubstr("\n1 of 4 seed inputs leads to a deviation (25.0 %"));
  EXPECT_THAT(failure, HasSubstr("the seed input itself, as it is"));
  EXPECT_THAT(failure, HasSubstr("Pictures: " + out_));
}

TEST_F(Matcher, DeviationIsItsOpposite) {
  EXPECT_THAT(other_, DeviatesFrom(original_, mixed_, options()));
  EXPECT_THAT(equal_, Not(DeviatesFrom(original_, mixed_, options())));
  const std::string failure =
      failure_of([&] { EXPECT_THAT(equal_, DeviatesFrom(original_, mixed_, options())); });
  EXPECT_THAT(failure, HasSubstr("Expected: deviates from the original on a mutant of 4 images in "
                                 "memory\n  Actual: an equal one"));
  EXPECT_THAT(failure,
              HasSubstr(", which agrees: none of 4 seed inputs leads to a deviation (95 % "));
}

TEST_F(Matcher, NegationsExplainToo) {
  const std::string agrees =
      failure_of([&] { EXPECT_THAT(equal_, Not(AgreesWith(original_, mixed_, options()))); });
  EXPECT_THAT(agrees, HasSubstr("Expected: deviates from the original on a mutant of 4 images"));
  EXPECT_THAT(agrees, HasSubstr("which agrees: none of 4 seed inputs"));
  const std::string deviates =
      failure_of([&] { EXPECT_THAT(other_, Not(DeviatesFrom(original_, mixed_, options()))); });
  EXPECT_THAT(deviates, HasSubstr("Expected: agrees with the original on all mutants of 4 images"));
  EXPECT_THAT(deviates, HasSubstr("1 of 4 seed inputs leads to a deviation"));
}

TEST_F(Matcher, IsComposed) {
  EXPECT_THAT(equal_, AllOf(AgreesWith(original_, mixed_, options()),
                            DeviatesFrom(other_, mixed_, options())));
  EXPECT_THAT(other_, AnyOf(AgreesWith(original_, mixed_, options()),
                            AgreesWith(other_, mixed_, options())));
  EXPECT_THAT(failure_of([&] {
                EXPECT_THAT(other_, AllOf(AgreesWith(other_, mixed_, options()),
                                          AgreesWith(original_, mixed_, options())));
              }),
              HasSubstr("1 of 4 seed inputs leads to a deviation"));
  EXPECT_THAT((std::vector<std::shared_ptr<FakeModel>>{std::make_shared<FakeModel>(equal_)}),
              ::testing::Each(AgreesWith(original_, mixed_, options())));
}

TEST_F(Matcher, SearchesOnceThoughItIsAskedTwice) {
  int questions = 0;
  FakeModel counting(
      [&questions](const Image& image, std::size_t place, std::size_t size) {
        ++questions;
        return brightness(-1, 0.2)(image, place, size);
      },
      "counting");
  EXPECT_THAT(counting, DeviatesFrom(original_, mixed_, options()));
  const int once = questions;
  EXPECT_EQ(
      failures_of([&] { EXPECT_THAT(counting, AgreesWith(original_, mixed_, options())); }).size(),
      1U);
  EXPECT_EQ(questions, 2 * once);
  EXPECT_FALSE(boost::filesystem::exists(out_ + "/Matcher.SearchesOnceThoughItIsAskedTwice-3"));
}

TEST_F(Matcher, TakesModelsAndSeedsAsAssertionsDo) {
  const std::string folder = fresh_folder();
  dflare::test::save_linear(folder + "/a.pt", 1, 8, 8, 4);
  dflare::test::save_linear(folder + "/same.pt", 1, 8, 8, 4);
  boost::filesystem::create_directory(folder + "/seeds");
  dflare::write_png(folder + "/seeds/0.png", dflare::test::picture(8, 8, 1));
  const std::string compressed = folder + "/same.pt", seeds = folder + "/seeds";
  EXPECT_THAT(compressed, AgreesWith(folder + "/a.pt", seeds, options()));
  EXPECT_THAT(compressed.c_str(), AgreesWith(folder + "/a.pt", seeds.c_str(), options()));
  const std::shared_ptr<dflare::Model> loaded = dflare::load(compressed);
  EXPECT_THAT(loaded, AgreesWith(loaded, seeds, options()));
  EXPECT_THAT(*loaded, AgreesWith(loaded, seeds, options()));
}

/// What cannot be judged: neither matcher holds, and their negations do not either.
class Unknown : public Matcher {
 protected:
  template <class Compressed, class Original>
  void expect_failures(const Compressed& compressed, Original& original, const SeedSet& seeds,
                       const std::string& why, const Options& options) {
    const auto expect_failure = [&](const std::function<void()>& body, const char* what) {
      const std::vector<std::string> messages = failures_of(body);
      ASSERT_FALSE(messages.empty()) << what << ": an error passed";
      EXPECT_THAT(messages[0], AllOf(HasSubstr("It cannot be said whether "), HasSubstr(why)))
          << what;
    };
    expect_failure([&] { EXPECT_THAT(compressed, AgreesWith(original, seeds, options)); },
                   "AgreesWith");
    expect_failure([&] { EXPECT_THAT(compressed, DeviatesFrom(original, seeds, options)); },
                   "DeviatesFrom");
    expect_failure([&] { EXPECT_THAT(compressed, Not(AgreesWith(original, seeds, options))); },
                   "Not(AgreesWith)");
    expect_failure([&] { EXPECT_THAT(compressed, Not(DeviatesFrom(original, seeds, options))); },
                   "Not(DeviatesFrom)");
    const auto kept = DeviatesFrom(original, seeds, options);
    for (const char* use : {"first use", "second use"}) {
      expect_failure([&] { EXPECT_THAT(compressed, Not(AllOf(kept, kept))); }, use);
      expect_failure([&] { EXPECT_THAT(compressed, AnyOf(kept, Not(kept))); }, use);
    }
  }
};

TEST_F(Unknown, AModelThatCannotBeRead) {
  const std::string missing = fresh_folder() + "/nowhere.pt";
  expect_failures(missing, original_, mixed_, missing, options());
  std::string original = missing;
  expect_failures(equal_, original, mixed_, missing, options());
}

TEST_F(Unknown, ANullPointer) {
  expect_failures(std::shared_ptr<dflare::Model>(), original_, mixed_, "a null pointer", options());
}

TEST_F(Unknown, NoSeedInputs) {
  expect_failures(equal_, original_, mixed_.skip(4), "The seed set is empty", options());
}

TEST_F(Unknown, AModelThatFailsBesidesDeviations) {
  FakeModel throws([](const Image& image, std::size_t place, std::size_t size) {
    if (dflare::test::mean_pixel(image) > 0.95) throw std::runtime_error("out of order");
    return brightness(-1, 0.2)(image, place, size);
  });
  expect_failures(throws, original_, mixed_, "out of order", options());
}

TEST_F(Unknown, OptionsThatMakeNoSense) {
  expect_failures(equal_, original_, mixed_, "option queries: 0 is too small",
                  options().queries(0));
}

TEST_F(Unknown, IsSaidOfTheLineOfTheTest) {
  ::testing::TestPartResultArray results;
  int line = 0;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &results);
    line = __LINE__ + 1;
    EXPECT_THAT("nowhere.pt", Not(AgreesWith(original_, mixed_, options())));
  }
  ASSERT_GE(results.size(), 1);
  EXPECT_EQ(results.GetTestPartResult(0).line_number(), line);
  EXPECT_THAT(results.GetTestPartResult(0).file_name(), HasSubstr("matcher_test.cpp"));
}

}  // namespace
