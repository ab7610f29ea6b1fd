#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "dflare/error.hpp"
#include "dflare/mutation.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names_of(const MutationSet& set) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < set.size(); ++i) names.push_back(set[i].name);
  return names;
}

MutationOperator operator_named(const std::string& name) {
  return {name, "", [](const Image& image, Image& mutant, Random&) {
            image.copyTo(mutant);
            return 0.0;
          }};
}

Image mutate(const MutationSet& set, const Image& image) {
  Random random(1);
  Image mutant;
  set[0].apply(image, mutant, random);
  return mutant;
}

TEST(MutationSet, HasThePapersSevenInTheirOrder) {
  EXPECT_THAT(names_of(MutationSet::named("dflare")),
              ElementsAre("gaussian_noise", "salt_and_pepper", "multiplicative_noise",
                          "random_pixels", "average_blur", "gaussian_blur", "median_blur"));
}

TEST(MutationSet, HasPhotometricAndGeometricOperators) {
  EXPECT_THAT(names_of(MutationSet::named("photometric")),
              ElementsAre("brightness", "contrast", "jpeg"));
  EXPECT_THAT(names_of(MutationSet::named("geometric")),
              ElementsAre("translation", "rotation", "scale", "shear"));
}

TEST(MutationSet, AllIsTheOtherSetsTogether) {
  std::vector<std::string> expected;
  for (const char* name : {"dflare", "photometric", "geometric"}) {
    for (const std::string& op : names_of(MutationSet::named(name))) expected.push_back(op);
  }
  EXPECT_EQ(names_of(MutationSet::named("all")), expected);
}

TEST(MutationSet, KnowsEveryNameThatItLists) {
  EXPECT_THAT(MutationSet::names(), ElementsAre("dflare", "photometric", "geometric", "all"));
  for (const std::string& name : MutationSet::names())
    EXPECT_GT(MutationSet::named(name).size(), 0U) << name;
}

TEST(MutationSet, RefusesAnUnknownNameAndNamesTheNearest) {
  EXPECT_THAT(test::message_of<ConfigError>([] { MutationSet::named("geometrik"); }),
              AllOf(HasSubstr("geometrik"), HasSubstr("did you mean 'geometric'"),
                    HasSubstr("photometric")));
}

TEST(MutationSet, FindsAnOperatorByName) {
  const MutationSet set = MutationSet::named("all");
  ASSERT_NE(set.find("shear"), nullptr);
  EXPECT_EQ(set.find("shear")->name, "shear");
  EXPECT_EQ(set.find("rotation")->unit, "degrees");
  EXPECT_EQ(set.find("sheer"), nullptr);
  EXPECT_EQ(MutationSet().find("shear"), nullptr);
}

TEST(MutationSet, TakesFurtherOperatorsWithoutChangingTheNamedSet) {
  MutationSet set = MutationSet::named("geometric");
  set.add(operator_named("mine")).add(operator_named("mine too"));
  EXPECT_EQ(set.size(), 6U);
  EXPECT_EQ(set[5].name, "mine too");
  EXPECT_EQ(MutationSet::named("geometric").size(), 4U);
}

TEST(MutationSet, RefusesATakenName) {
  MutationSet set = MutationSet::named("dflare");
  EXPECT_THAT(
      test::message_of<ConfigError>([&] { set.add(operator_named("median_blur")); }),
      AllOf(HasSubstr("already has"), HasSubstr("'median_blur'"), HasSubstr("another name")));
  EXPECT_EQ(set.size(), 7U);
}

TEST(MutationSet, RefusesAnEmptyName) {
  EXPECT_THAT(test::message_of<ConfigError>([] { MutationSet().add(operator_named("")); }),
              AllOf(HasSubstr("empty name"), HasSubstr("need one")));
}

TEST(MutationSet, RefusesAnEmptyFunction) {
  const auto expected = AllOf(HasSubstr("'mine'"), HasSubstr("no function"));
  EXPECT_THAT(test::message_of<ConfigError>([] {
                MutationSet().add(MutationOperator{"mine", "", nullptr});
              }),
              expected);
  EXPECT_THAT(test::message_of<ConfigError>(
                  [] { MutationSet().add("mine", std::function<Image(const Image&, Random&)>()); }),
              expected);
}

TEST(OwnOperator, MakesTheMutantFromImageAndStream) {
  MutationSet set;
  set.add("add", [](const Image& image, Random& random) {
    return Image(image + cv::Scalar::all(random.integer(5, 5)));
  });
  const Image image(4, 6, CV_8UC1, cv::Scalar::all(10));
  EXPECT_TRUE(same_pixels(mutate(set, image), Image(4, 6, CV_8UC1, cv::Scalar::all(15))));
}

TEST(OwnOperator, CannotChangeTheImageThroughASharedMatrix) {
  MutationSet set;
  set.add("shallow", [](const Image& image, Random&) {
    Image same_pixels_as_the_image = image;
    same_pixels_as_the_image.setTo(0);
    return same_pixels_as_the_image;
  });
  const Image image = test::picture(8, 8, 1);
  const Image before = image.clone();
  EXPECT_EQ(cv::countNonZero(mutate(set, image)), 0);
  EXPECT_TRUE(same_pixels(image, before));
}

TEST(OwnOperator, ThatReturnsItsImageGivesACopy) {
  MutationSet set;
  set.add("identity", [](const Image& image, Random&) { return image; });
  const Image image = test::picture(8, 8, 3);
  const Image mutant = mutate(set, image);
  EXPECT_TRUE(same_pixels(mutant, image));
  EXPECT_NE(mutant.data, image.data);
}

class BadMutant : public testing::TestWithParam<std::pair<Image, std::string>> {};

TEST_P(BadMutant, IsRefusedWithTheOperatorsName) {
  const auto& [bad, described] = GetParam();
  MutationSet from_lambda, from_operator;
  from_lambda.add("mine", [bad = bad](const Image&, Random&) { return bad; });
  from_operator.add({"mine", "", [bad = bad](const Image&, Image& mutant, Random&) {
                       bad.copyTo(mutant);
                       return 1.0;
                     }});
  const Image image = test::picture(8, 9, 3);
  for (const MutationSet& set : {from_lambda, from_operator}) {
    EXPECT_THAT(test::message_of<ConfigError>([&] { mutate(set, image); }),
                AllOf(HasSubstr("'mine'"), HasSubstr(described), HasSubstr("8 x 9 x 3 (CV_8UC3)"),
                      HasSubstr("resize or convert")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, BadMutant,
    testing::Values(std::pair(Image(9, 8, CV_8UC3, cv::Scalar::all(1)), "9 x 8 x 3 (CV_8UC3)"),
                    std::pair(Image(8, 9, CV_8UC1, cv::Scalar::all(1)), "8 x 9 x 1 (CV_8UC1)"),
                    std::pair(Image(8, 9, CV_32FC3, cv::Scalar::all(1)), "8 x 9 x 3 (CV_32FC3)"),
                    std::pair(Image(), "0 x 0 x 1")));

}  // namespace
}  // namespace dflare
