#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <limits>

#include "dflare/error.hpp"
#include "dflare/gtest.hpp"
#include "search/searching.hpp"
#include "support/fake_models.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace {

using dflare::Image;
using dflare::Options;
using dflare::SeedSet;
using dflare::test::brightness;
using dflare::test::FakeModel;
using dflare::test::fresh_folder;
using ::testing::HasSubstr;

// EXPECT_FATAL_FAILURE sees no local variables, hence the globals.
FakeModel dark_at_half(brightness(0.5), "dark_at_half");
FakeModel dark_at_third(brightness(0.3), "dark_at_third");
FakeModel bright_always(brightness(-1, 0.2), "bright_always");

SeedSet grey(const std::vector<int>& levels) {
  std::vector<Image> images;
  for (const int level : levels) images.emplace_back(8, 8, CV_8UC1, cv::Scalar(level));
  return SeedSet::images(images);
}

/// Both models call these bright; turned or moved they are what they were.
SeedSet bright_seeds() {
  return grey({230, 240, 250});
}
/// One of them is dark for one model only.
SeedSet mixed_seeds() {
  return grey({230, 20, 240, 250});
}

Options quick() {
  return Options()
      .strategy("dflare")
      .operators(dflare::MutationSet::named("geometric"))
      .queries(10)
      .workers(1)
      .out(fresh_folder("out"));
}

/// Each query is brighter by 10 than the one before. From grey level 60, dark_at_half and
/// dark_at_third deviate at 80 to 120, by margins of 0.055, 0.21, 0.369, 0.27 and 0.12.
Options brightening() {
  return dflare::test::brightening(10).queries(10).workers(1).out(fresh_folder("out"));
}
/// By regret they deviate at 80 to 120 the less the brighter.
Options by_regret() {
  return brightening().regret(0.01);
}

std::string property(const std::string& key) {
  const auto* result = ::testing::UnitTest::GetInstance()->current_test_info()->result();
  for (int i = 0; i < result->test_property_count(); ++i) {
    if (key == result->GetTestProperty(i).key()) return result->GetTestProperty(i).value();
  }
  return "none";
}

FakeModel answering(std::vector<float> scores) {
  return FakeModel([scores](const Image&, std::size_t, std::size_t) { return scores; }, "constant");
}

TEST(NoDeviation, PassesWhereThereIsNone) {
  EXPECT_NO_DEVIATION(dark_at_half, bright_always, bright_seeds(), quick());
  ASSERT_NO_DEVIATION(dark_at_half, bright_always, bright_seeds(), quick());
  EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, mixed_seeds(), quick());
}

TEST(NoDeviation, FailsWhereThereIsOne) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(), quick()),
      "EXPECT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(), quick())\n");
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(), quick()),
                          "1 of 4 seed inputs leads to a deviation");
  EXPECT_FATAL_FAILURE(
      ASSERT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(), quick()),
      "ASSERT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(), quick())\n");
}

TEST(NoDeviation, TellsADeviationFoundBySearchFromOneAsItIs) {
  FakeModel a(brightness(0.5)), b(brightness(0.499));
  const Options noisy =
      Options(quick()).operators(dflare::MutationSet::named("dflare")).queries(500);
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(a, b, grey({128, 20}), noisy), "found by search");
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(), quick()),
                          "1 deviates as it is");
}

TEST(DeviationRate, TheEstimateDecides) {
  EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, mixed_seeds(), 0.25, quick());
  ASSERT_DEVIATION_RATE_LE(dark_at_half, bright_always, mixed_seeds(), 0.25, quick());
  EXPECT_NONFATAL_FAILURE(
      EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, mixed_seeds(), 0.24, quick()),
      "EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, mixed_seeds(), 0.24, quick())\n");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, mixed_seeds(), 0.24, quick()),
      "The deviation rate 0.25 is above 0.24, the highest allowed.");
  EXPECT_FATAL_FAILURE(
      ASSERT_DEVIATION_RATE_LE(dark_at_half, bright_always, mixed_seeds(), 0.24, quick()),
      "95 % interval 0.6 to 80.6 %");
}

TEST(DeviationRate, MustBeAShare) {
  for (const double rate : {-0.1, 1.1, 25.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NONFATAL_FAILURE(
        EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, mixed_seeds(), rate, quick()),
        "expected a share of the seed inputs, 0 to 1");
  }
}

TEST(WorstDeviation, TheLargestRegretDecides) {
  EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.75, by_regret());
  ASSERT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.75, by_regret());
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.74, by_regret()),
      "EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.74, "
      "by_regret())\n");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.74, by_regret()),
      "\n1 seed input leads to a deviation of a regret above 0.74, the largest allowed: the worst "
      "has 0.7451.\n");
  EXPECT_FATAL_FAILURE(
      ASSERT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.74, by_regret()),
      "; largest regret found 0.745, mean worst regret 0.373 (95 % interval 0 to 1).\n");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.74, by_regret()),
      "\n  asked for   regret >= 0.01; objective worst; 10 queries a seed input\n");
}

TEST(WorstDeviation, ACriterionOfTheMarginKeepsBoundingTheMargin) {
  const Options options = brightening().margin(0.01);
  EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.37, options);
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.36,
                                brightening().margin(0.01)),
      "\n1 seed input leads to a deviation of a margin above 0.36, the largest allowed: the worst "
      "has 0.3686.\n");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60, 140}), 0.36,
                                brightening().margin(0.01)),
      "; largest margin found 0.369, mean worst margin 0.184 (95 % interval 0 to 1).\n");
}

TEST(WorstDeviation, ASeedThatDeviatesAsItIsCounts) {
  EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({110}), 0.28, brightening());
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({110}), 0.27, brightening()),
      "the seed input itself, as it is");
}

TEST(WorstDeviation, SaysItsFiguresWhereItPasses) {
  ::testing::internal::CaptureStdout();
  EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60}), 0.8, by_regret());
  const std::string said = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(said, HasSubstr("[ dflare   ] WorstDeviation.SaysItsFiguresWhereItPasses: passed; 1 "
                              "of 1 seed input leads to a deviation (100.0 %, 95 % interval 2.5 to "
                              "100.0 %); 1 found by search, with 10 queries each (mean); largest "
                              "regret found 0.745, mean worst regret 0.745 (95 % interval 0 to "
                              "1)\n"));
  EXPECT_THAT(said, HasSubstr("[ dflare   ] WorstDeviation.SaysItsFiguresWhereItPasses: the models "
                              "agree on 1 of 1 seed input as it is (100.0 %)\n"));
  EXPECT_EQ(property("largest_regret").substr(0, 6), "0.7450");
  EXPECT_EQ(property("mean_worst_regret"), property("largest_regret"));
  EXPECT_EQ(property("mean_worst_regret_interval"), "0 1");
  EXPECT_NE(property("largest_margin"), "none");
  EXPECT_NE(property("mean_worst_margin"), "none");
  EXPECT_EQ(property("smallest_closeness"), "none");
}

TEST(WorstDeviation, TheBoundMustBeARegret) {
  for (const double regret : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NONFATAL_FAILURE(
        EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60}), regret, brightening()),
        "expected a regret, 0 to 1");
  }
}

TEST(WorstDeviation, ACriterionWithoutLabelsIsRefused) {
  EXPECT_NONFATAL_FAILURE(EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60}), 0.8,
                                                    brightening().total_variation(0.1)),
                          "option criterion: 'total_variation >= 0.1' says nothing of labels");
  EXPECT_WORST_DEVIATION_LE(
      dark_at_half, dark_at_third, grey({60}), 0.8,
      brightening().criterion(dflare::Criteria::parse("label and total_variation >= 0.1")));
}

/// Two dark images and a bright one, one of which is labelled wrongly.
SeedSet labelled_seeds() {
  const auto image = [](int level) { return Image(8, 8, CV_8UC1, cv::Scalar(level)); };
  return SeedSet::images({image(20), image(110), image(230)}, {0, 1, 0});
}

TEST(LabelFacts, StandBesideAPassAndAFailure) {
  ::testing::internal::CaptureStdout();
  EXPECT_DEVIATION_RATE_LE(dark_at_half, dark_at_third, labelled_seeds(), 0.5, quick());
  const std::string said = ::testing::internal::GetCapturedStdout();
  const std::string agreed =
      "he models agree on 2 of 3 seed inputs as they are (66.7 %); accuracy: original 33.3 %, "
      "compressed 66.7 %";
  const std::string right =
      "f the 1 deviation of known class, the original is right in 0, the compressed model in 1, "
      "neither in 0";
  EXPECT_THAT(said, HasSubstr("LabelFacts.StandBesideAPassAndAFailure: t" + agreed + "\n"));
  EXPECT_THAT(said, HasSubstr("LabelFacts.StandBesideAPassAndAFailure: o" + right + "\n"));
  EXPECT_EQ(property("agreement").substr(0, 6), "0.6666");
  EXPECT_EQ(property("original_accuracy").substr(0, 6), "0.3333");
  EXPECT_EQ(property("compressed_accuracy").substr(0, 6), "0.6666");
  EXPECT_EQ(property("deviations_original_right"), "0");
  EXPECT_EQ(property("deviations_compressed_right"), "1");
  EXPECT_EQ(property("deviations_neither_right"), "0");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_DEVIATION_RATE_LE(dark_at_half, dark_at_third, labelled_seeds(), 0.1, quick()),
      "\nT" + agreed + ".\nO" + right + ".\n");
}

TEST(LabelFacts, WithoutLabelsSayNothingOfAccuracy) {
  EXPECT_NO_DEVIATION(dark_at_half, bright_always, bright_seeds(), quick());
  EXPECT_EQ(property("agreement"), "1");
  EXPECT_EQ(property("original_accuracy"), "none");
  EXPECT_EQ(property("deviations_original_right"), "none");
}

/// Leaves out what it says.
class WithRemarks : public dflare::SeedSource {
 public:
  std::size_t size() const override { return 1; }
  std::string id(std::size_t) const override { return "only\xff"; }
  Image load(std::size_t) const override { return Image(8, 8, CV_8UC1, cv::Scalar(20)); }
  std::optional<int> label(std::size_t) const override { return std::nullopt; }
  std::string name() const override { return "image of d\nd"; }
  std::vector<std::string> remarks() const override { return {"20 images of '\xff' left out"}; }
};

TEST(Remarks, OfTheSeedInputsAreShownOnAPassAndAFailure) {
  const std::string note = "20 images of '\xef\xbf\xbd' left out";
  const SeedSet seeds(std::make_shared<WithRemarks>());
  ::testing::internal::CaptureStdout();
  EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, seeds, quick());
  EXPECT_THAT(::testing::internal::GetCapturedStdout(),
              HasSubstr("Remarks.OfTheSeedInputsAreShownOnAPassAndAFailure: note: " + note + "\n"));
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, seeds, quick()),
                          "\n  seeds       1 image of d d\n  note        " + note + "\n");
}

TEST(ClosestDeviation, TheSmallestDistanceDecides) {
  // 64 pixels, each brighter by 20.
  EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60, 140}), 160, brightening());
  ASSERT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60, 140}), 160, brightening());
  EXPECT_NONFATAL_FAILURE(
      EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60, 140}), 161, brightening()),
      "EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60, "
      "140}), 161, brightening())\n");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60, 140}), 161, brightening()),
      "\n1 seed input leads to a deviation nearer than L2 161, the nearest "
      "allowed: the closest is at L2 160.\n");
  EXPECT_FATAL_FAILURE(
      ASSERT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60, 140}), 161, brightening()),
      "; closest at L2 160, mean 160.\n");
}

TEST(ClosestDeviation, TheDistanceIsTheOneAskedFor) {
  const Options by_l_inf = brightening().closest_by(dflare::Distance::l_inf);
  EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60}), 20, by_l_inf);
  EXPECT_NONFATAL_FAILURE(
      EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60}), 20.5, by_l_inf),
      "nearer than L-inf 20.5, the nearest allowed: the closest is at L-inf 20.\n");
  EXPECT_EQ(property("smallest_closeness"), "20");
  EXPECT_EQ(property("mean_closeness"), "20");
}

TEST(ClosestDeviation, ASeedThatDeviatesAsItIsHasNoDistance) {
  EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({110}), 0, brightening());
  EXPECT_NONFATAL_FAILURE(
      EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({110}), 0.1, brightening()),
      "the closest is at L2 0.\n");
}

TEST(ClosestDeviation, TheBoundMustBeADistance) {
  for (const double distance :
       {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NONFATAL_FAILURE(EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60}),
                                                        distance, brightening()),
                            "expected a number of 0 or more, in the unit of the option closest_by");
  }
}

TEST(Objective, OfAnotherKindIsRefusedAndTheSameIsNot) {
  const Options worst = brightening().objective(dflare::Objective::worst),
                closest = brightening().objective(dflare::Objective::closest);
  EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60}), 0.8, worst);
  EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60}), 5, closest);
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60}), 0.5, closest),
      "option objective: closest does not go with the expectation of no deviation of a regret "
      "above 0.5, which searches with objective worst; leave the option out");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, dark_at_third, grey({60}), 5, worst),
      "option objective: worst does not go with the expectation of no deviation nearer to its seed "
      "input than L2 5, which searches with objective closest; leave the option out");
}

TEST(Objective, IsFreeForTheOtherAssertions) {
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, dark_at_third, grey({60}),
                                              by_regret().objective(dflare::Objective::worst)),
                          "largest regret found 0.745");
}

TEST(Arguments, ModelsMayBeSharedPointers) {
  const auto derived = std::make_shared<FakeModel>(brightness(0.5));
  const std::shared_ptr<dflare::Model> base = derived;
  EXPECT_NO_DEVIATION(derived, base, mixed_seeds(), quick());
  const std::shared_ptr<dflare::Model> null;
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(derived, null, mixed_seeds(), quick()),
                          "a model is a null pointer");
}

TEST(Arguments, SeedsMayBeAPath) {
  const std::string folder = fresh_folder("seeds");
  dflare::write_png(folder + "/a.png", Image(8, 8, CV_8UC1, cv::Scalar(230)));
  dflare::write_png(folder + "/b.png", Image(8, 8, CV_8UC1, cv::Scalar(20)));
  EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, folder, quick());
  EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, folder.c_str(), quick());
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, folder, quick()),
                          "b.png");
}

TEST(Arguments, WhatCannotBeReadFailsAndNeverEscapes) {
  const std::string missing = fresh_folder() + "/nowhere";
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, missing, quick()),
                          missing);
  EXPECT_NONFATAL_FAILURE(
      EXPECT_NO_DEVIATION(missing + ".pt", dark_at_half, mixed_seeds(), quick()), missing + ".pt");
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, "", mixed_seeds(), quick()),
                          "The pair could not be tested: ");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, mixed_seeds(), Options(quick()).queries(0)),
      "option queries: 0 is too small");
}

TEST(Arguments, ModelsOfDifferentClassesFail) {
  FakeModel three = answering({0.2F, 0.2F, 0.6F});
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, three, mixed_seeds(), quick()),
                          "could not be tested: ");
}

TEST(Failures, AnEmptySetOfSeedsFails) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, bright_seeds().skip(3), quick()),
      "The seed set is empty");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_DEVIATION_RATE_LE(dark_at_half, dark_at_half, bright_seeds().skip(3), 1, quick()),
      "The seed set is empty");
}

TEST(Failures, ABoundIsNotMetByNothing) {
  EXPECT_NONFATAL_FAILURE(EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_half,
                                                    bright_seeds().skip(3), 1, brightening()),
                          "The seed set is empty");
  FakeModel throws([](const Image&, std::size_t, std::size_t) -> std::vector<float> {
    throw std::runtime_error("out of order");
  });
  EXPECT_NONFATAL_FAILURE(
      EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, throws, bright_seeds(), 0, brightening()),
      "The pair could not be tested: the compressed model, model 'fake': out of order");
}

TEST(Failures, SeedsThatAreAllSkippedFail) {
  const SeedSet wrong = SeedSet::images({Image(8, 8, CV_8UC1, cv::Scalar(20))}, {1});
  EXPECT_NONFATAL_FAILURE(
      EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, wrong,
                          Options(quick()).misclassified(dflare::Misclassified::skip)),
      "All 1 seed input were skipped");
}

TEST(Failures, ANonFiniteScoreFailsAndItsImageIsSaved) {
  FakeModel nan([](const Image& image, std::size_t place, std::size_t size) {
    const bool bad = dflare::test::mean_pixel(image) < 0.3;
    return bad ? std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 1}
               : brightness(-1, 0.2)(image, place, size);
  });
  const Options options = quick();
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(bright_always, nan, mixed_seeds(), options),
                          "1 of 4 seed inputs ended in an error");
  const std::string image =
      options.out() + "/Failures.ANonFiniteScoreFailsAndItsImageIsSaved/failures/1/image.png";
  EXPECT_TRUE(boost::filesystem::exists(image)) << image;
  EXPECT_NONFATAL_FAILURE(EXPECT_DEVIATION_RATE_LE(bright_always, nan, mixed_seeds(), 1, options),
                          "/failures/1/image.png");
}

TEST(Failures, AModelThatThrowsFails) {
  FakeModel throws([](const Image&, std::size_t, std::size_t) -> std::vector<float> {
    throw std::runtime_error("out of order");
  });
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(bright_always, throws, mixed_seeds(), quick()),
                          "out of order");
}

TEST(Budget, WhatIsLeftIsSaidAndFailsWhereAllIsRequired) {
  // Some queries for four seeds, of which none deviates: the rest is left.
  const Options options = quick().queries(1000).queries_in_all(20);
  ::testing::internal::CaptureStdout();
  EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, bright_seeds(), options);
  EXPECT_THAT(::testing::internal::GetCapturedStdout(),
              HasSubstr("[ dflare   ] Budget.WhatIsLeftIsSaidAndFailsWhereAllIsRequired: passed, "
                        "but of 3 seed inputs: 3 partly searched"));
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, bright_seeds(),
                                              Options(options).require_complete(true)),
                          "and require_complete is set");
}

TEST(Budget, ASearchForSomethingWorseThatItEndedIsSaidToBeCutShort) {
  const Options options = brightening().queries_in_all(5);
  ::testing::internal::CaptureStdout();
  EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60}), 0.8, options);
  EXPECT_THAT(::testing::internal::GetCapturedStdout(),
              HasSubstr(": passed, but of 1 seed input: 1 cut short; 1 of 1 seed input leads"));
  const Options complete = Options(options).require_complete(true);
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60}), 0.8, complete),
      "A budget ended with 0 partly searched, 0 not begun and 1 cut short, and require_complete is "
      "set.\n");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, dark_at_third, grey({60}), 0.8, complete),
      "\nA larger budget (queries_in_all 5) may show more: it ended searches that could go on.\n");
}

TEST(Budget, NothingBegunFails) {
  dflare::StopSignal stop;
  stop.request();
  EXPECT_NONFATAL_FAILURE(
      EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, bright_seeds(), quick().stop(stop)),
      "nothing was tested");
}

TEST(Findings, GoBelowTheTestsName) {
  const std::string out = fresh_folder("out");
  const Options options = Options(quick()).out(out);
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(), options),
                          out + "/Findings.GoBelowTheTestsName\n");
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(), options),
                          out + "/Findings.GoBelowTheTestsName-2\n");
  for (const char* name : {"Findings.GoBelowTheTestsName", "Findings.GoBelowTheTestsName-2"}) {
    EXPECT_TRUE(boost::filesystem::exists(out + "/" + name + "/1/finding.json")) << name;
  }
  EXPECT_EQ(property("findings"), out + "/Findings.GoBelowTheTestsName");
  EXPECT_EQ(property("findings_2"), out + "/Findings.GoBelowTheTestsName-2");
}

TEST(Findings, AreNotWrittenWhereNoneAreWanted) {
  const std::string out = fresh_folder("out");
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, mixed_seeds(),
                                              quick().out(out).write_findings(false)),
                          "Pictures: none");
  EXPECT_TRUE(boost::filesystem::is_empty(out));
}

TEST(Findings, AFolderThatCannotBeWrittenFails) {
  const std::string file = fresh_folder() + "/file";
  std::ofstream(file) << "x";
  EXPECT_NONFATAL_FAILURE(
      EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, mixed_seeds(), quick().out(file + "/out")),
      "cannot write findings to '" + file);
}

TEST(Properties, AreRecorded) {
  const Options options = quick().rng_seed(5);
  EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, mixed_seeds(), 1, options);
  EXPECT_EQ(property("rate"), "0.25");
  EXPECT_EQ(property("found"), "0");
  EXPECT_EQ(property("as_it_is"), "1");
  EXPECT_EQ(property("seeds"), "4");
  EXPECT_EQ(property("queries"), "30");
  EXPECT_EQ(property("rng_seed"), "5");
  EXPECT_NE(property("seconds"), "none");
  EXPECT_EQ(property("rate_2"), "none");
  EXPECT_NO_DEVIATION(dark_at_half, dark_at_half, bright_seeds(), options);
  EXPECT_EQ(property("rate_2"), "0");
}

TEST(Progress, TheUsersOwnCallIsMade) {
  std::size_t done = 0;
  EXPECT_NO_DEVIATION(
      dark_at_half, dark_at_half, bright_seeds(),
      quick().on_progress([&done](const dflare::Progress& p) { done = p.seeds_done; }));
  EXPECT_EQ(done, 3U);
}

}  // namespace
