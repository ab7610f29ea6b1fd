#include "check/text/history_text.hpp"

#include <gtest/gtest.h>

namespace {

using dflare::AppliedOperator;
using dflare::checking::history_text;

TEST(HistoryText, OneOperatorIsShownWithItsStrength) {
  EXPECT_EQ(history_text({{"rotation", 12.34, "degrees"}}), "rotation 12.3 degrees");
  EXPECT_EQ(history_text({{"mine", 5, ""}}), "mine");
}

TEST(HistoryText, RepeatedOperatorsAreCounted) {
  const AppliedOperator noise{"gaussian_noise", 1, "grey levels"}, blur{"median_blur", 3, "px"};
  EXPECT_EQ(history_text({blur, noise, noise, blur, noise}), "gaussian_noise x3, median_blur x2");
  EXPECT_EQ(history_text({blur, noise, noise}), "gaussian_noise x2, median_blur 3 px");
}

TEST(HistoryText, ManyOperatorsAreCutAndItSaysSo) {
  EXPECT_EQ(history_text({{"a", 1, ""}, {"b", 1, ""}, {"c", 1, ""}, {"d", 1, ""}}), "a, b, c, d");
  EXPECT_EQ(
      history_text(
          {{"a", 1, ""}, {"b", 1, ""}, {"c", 1, ""}, {"d", 1, ""}, {"e", 1, ""}, {"f", 1, ""}}),
      "a, b, c, d, 2 more");
}

TEST(MutantText, IsTheTransformationInWordsWhereThatAloneMadeIt) {
  dflare::Deviation deviation;
  deviation.history = {{"rotate", 12.3, "degrees"}, {"scale", 0.9, ""}};
  EXPECT_EQ(dflare::checking::mutant_text(deviation), "rotate 12.3 degrees, scale");
  deviation.transformation.emplace().rotate = 12.3;
  EXPECT_EQ(dflare::checking::mutant_text(deviation), "rotated 12.3 degrees");
}

TEST(HistoryText, NothingAppliedIsEmpty) {
  EXPECT_EQ(history_text({}), "");
}

}  // namespace
