// What every operator has to keep to, whatever it does. What each one does is tested beside.

#include <gtest/gtest.h>

#include <set>

#include "dflare/mutation.hpp"
#include "mutation/applied.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

const MutationSet& all() {
  static const MutationSet set = MutationSet::named("all");
  return set;
}

std::vector<Image> images_of_many_shapes() {
  std::vector<Image> images;
  for (const int channels : {1, 3}) {
    for (const ImageSize size :
         {ImageSize{28, 28}, ImageSize{32, 32}, ImageSize{1, 1}, ImageSize{3, 5}, ImageSize{17, 2}})
      images.push_back(test::picture(size.height, size.width, channels));
  }
  return images;
}

class Operator : public testing::TestWithParam<std::size_t> {
 protected:
  const MutationOperator& op_ = all()[GetParam()];

  Image mutate(const Image& image, std::uint64_t key) const {
    Random random(key);
    Image mutant;
    op_.apply(image, mutant, random);
    return mutant;
  }
};

TEST_P(Operator, MakesTheSameMutantFromTheSameStream) {
  for (const Image& image : images_of_many_shapes()) {
    Random first(7), second(7);
    Image a, b;
    EXPECT_EQ(op_.apply(image, a, first), op_.apply(image, b, second));
    EXPECT_TRUE(same_pixels(a, b)) << shape_text(image);
    EXPECT_EQ(first.bits(), second.bits());
  }
}

TEST_P(Operator, MakesOtherMutantsFromOtherStreams) {
  const Image image = test::picture(28, 28, 1);
  std::vector<Image> different;
  for (std::uint64_t key = 0; key < 20; ++key) {
    const Image mutant = mutate(image, key);
    bool known = false;
    for (const Image& other : different) known = known || same_pixels(mutant, other);
    if (!known) different.push_back(mutant);
  }
  EXPECT_GE(different.size(), 4U);  // as many as the odd blurs have kernels
}

TEST_P(Operator, KeepsShapeAndTypeAndLeavesTheImageAlone) {
  for (const Image& image : images_of_many_shapes()) {
    const Image before = image.clone();
    for (std::uint64_t key = 0; key < 30; ++key) {
      const Image mutant = mutate(image, key);
      ASSERT_EQ(mutant.type(), image.type());
      ASSERT_EQ(size_of(mutant), size_of(image)) << shape_text(mutant);
      ASSERT_NE(mutant.data, image.data);
      ASSERT_TRUE(same_pixels(image, before)) << shape_text(image);
    }
  }
}

TEST_P(Operator, DoesNotLookAroundAnImageThatIsPartOfALargerOne) {
  for (const Image& image : images_of_many_shapes()) {
    Image larger(image.rows + 10, image.cols + 10, image.type(), cv::Scalar::all(255));
    Image part = larger(cv::Rect(4, 5, image.cols, image.rows));
    image.copyTo(part);
    for (std::uint64_t key = 0; key < 10; ++key)
      EXPECT_TRUE(same_pixels(mutate(part, key), mutate(image, key))) << shape_text(image);
  }
}

TEST_P(Operator, WritesIntoAPartOfALargerImageAndNowhereElse) {
  const Image image = test::picture(9, 11, 3);
  Image larger(30, 30, image.type(), cv::Scalar::all(99));
  Image part = larger(cv::Rect(4, 5, image.cols, image.rows));
  Random random(3);
  op_.apply(image, part, random);
  EXPECT_TRUE(same_pixels(part, mutate(image, 3)));
  EXPECT_EQ(part.data, larger.ptr(5, 4));
  part.setTo(cv::Scalar::all(99));
  EXPECT_TRUE(same_pixels(larger, Image(30, 30, image.type(), cv::Scalar::all(99))));
}

TEST_P(Operator, ReusesTheMutantsMemory) {
  const Image image = test::picture(28, 28, 1);
  Image mutant(image.size(), image.type());
  const uchar* memory = mutant.data;
  Random random(1);
  for (int i = 0; i < 10; ++i) op_.apply(image, mutant, random);
  EXPECT_EQ(mutant.data, memory);
}

INSTANTIATE_TEST_SUITE_P(All, Operator, testing::Range(std::size_t{0}, all().size()),
                         [](const auto& test) { return all()[test.param].name; });

TEST(Operators, ClipWhereTheyCouldWrapAround) {
  const std::set<std::string> set_values_outright = {"salt_and_pepper", "random_pixels"};
  const MutationSet set = MutationSet::named("all");
  for (std::size_t i = 0; i < set.size(); ++i) {
    const std::string& name = set[i].name;
    if (set_values_outright.count(name) != 0 || name == "multiplicative_noise") continue;
    for (int key = 0; key < 50; ++key) {
      double lowest = 0, highest = 0;
      cv::minMaxLoc(test::apply(name, test::uniform(252, 16), key).mutant, &lowest, nullptr);
      EXPECT_GE(lowest, 252 - 33) << name << ", key " << key;
      cv::minMaxLoc(test::apply(name, test::uniform(3, 16), key).mutant, nullptr, &highest);
      EXPECT_LE(highest, 3 + 33) << name << ", key " << key;
    }
  }
}

}  // namespace
}  // namespace dflare
