#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

std::string check_message(const InputSpec& spec) {
  return message_of<ConfigError>([&] { spec.check(); });
}

std::string fit_message(const InputSpec& spec, const Image& image) {
  return message_of<ModelError>([&] { spec.fit(image); });
}

TEST(InputSpecCheck, AcceptsWhatMakesSense) {
  EXPECT_NO_THROW(InputSpec().check());
  InputSpec spec;
  spec.size = {32, 48};
  spec.resize = true;
  spec.channels = 3;
  spec.mean = {0.5F, 0.4F, 0.3F};
  spec.stddev = {0.25F};
  spec.low = 1;
  spec.high = -1;
  EXPECT_NO_THROW(spec.check());
}

TEST(InputSpecCheck, RefusesHalfASize) {
  InputSpec spec;
  spec.size = {28, 0};
  EXPECT_THAT(check_message(spec), AllOf(HasSubstr("input size: 28 x 0"), HasSubstr("or neither")));
  spec.size = {-1, -1};
  EXPECT_THAT(check_message(spec), HasSubstr("input size: -1 x -1"));
}

TEST(InputSpecCheck, RefusesToResizeToNoSize) {
  InputSpec spec;
  spec.resize = true;
  EXPECT_THAT(check_message(spec),
              AllOf(HasSubstr("input resize"), HasSubstr("give the input size")));
}

TEST(InputSpecCheck, RefusesOtherNumbersOfChannels) {
  InputSpec spec;
  spec.channels = 4;
  EXPECT_THAT(check_message(spec), AllOf(HasSubstr("input channels: 4"), HasSubstr("expected 1")));
}

TEST(InputSpecCheck, RefusesAnEmptyRange) {
  InputSpec spec;
  spec.low = 1;
  EXPECT_THAT(check_message(spec), HasSubstr("input range: low 1 and high 1"));
  spec.high = std::numeric_limits<float>::infinity();
  EXPECT_THAT(check_message(spec), HasSubstr("input range: low 1 and high inf"));
}

TEST(InputSpecCheck, RefusesMeanAndStddevThatDoNotFit) {
  InputSpec spec;
  spec.mean = {0.1F, 0.2F};
  EXPECT_THAT(check_message(spec),
              AllOf(HasSubstr("input mean: 2 values"), HasSubstr("one for all")));
  spec.channels = 1;
  spec.mean = {0.1F, 0.2F, 0.3F};
  EXPECT_THAT(check_message(spec), HasSubstr("input mean: 3 values for 1 channel(s)"));
  spec.mean = {std::numeric_limits<float>::quiet_NaN()};
  EXPECT_THAT(check_message(spec), HasSubstr("input mean: nan is no finite number"));
  spec.mean.clear();
  spec.stddev = {0};
  EXPECT_THAT(check_message(spec), AllOf(HasSubstr("input stddev: 0"), HasSubstr("above 0")));
}

TEST(InputSpecCheck, RefusesAMeanOutsideTheRange) {
  InputSpec spec;
  spec.mean = {123.7F};
  EXPECT_THAT(check_message(spec),
              AllOf(HasSubstr("input mean: 123.7 lies outside 0 to 1, the range of the values"),
                    HasSubstr("divide it by 255"), HasSubstr("or give range: [0, 255]")));
  spec.high = 255;
  EXPECT_EQ(check_message(spec), "nothing was thrown");
  spec.mean = {0.4F, 0.5F, -0.1F};
  EXPECT_THAT(check_message(spec), AllOf(HasSubstr("input mean: -0.1 lies outside 0 to 255"),
                                         HasSubstr("in the unit of the other")));
  spec.mean = {0};
  spec.low = 1;
  EXPECT_EQ(check_message(spec), "nothing was thrown") << "0 subtracts nothing";
  spec.low = 1;
  spec.high = -1;
  spec.mean = {-1, 0.5F, 1};
  EXPECT_EQ(check_message(spec), "nothing was thrown");
  spec.mean = {1000};
  EXPECT_THAT(check_message(spec), HasSubstr("1000 lies outside 1 to -1"));
}

TEST(InputSpecFit, LeavesAnImageThatFitsAsItIs) {
  const Image image(28, 28, CV_8UC1, cv::Scalar(7));
  InputSpec spec;
  EXPECT_EQ(spec.fit(image).data, image.data);
  spec.size = {28, 28};
  spec.channels = 1;
  spec.resize = true;
  EXPECT_EQ(spec.fit(image).data, image.data);
}

TEST(InputSpecFit, ShrinksByArea) {
  Image image(2, 4, CV_8UC1);
  const unsigned char pixels[] = {10, 20, 100, 110, 30, 40, 120, 130};
  std::copy(std::begin(pixels), std::end(pixels), image.data);
  InputSpec spec;
  spec.size = {1, 2};
  spec.resize = true;
  const Image fitted = spec.fit(image);
  ASSERT_EQ(size_of(fitted), spec.size);
  EXPECT_EQ(fitted.at<unsigned char>(0, 0), 25);
  EXPECT_EQ(fitted.at<unsigned char>(0, 1), 115);
}

TEST(InputSpecFit, EnlargesBilinearly) {
  Image image(1, 2, CV_8UC1);
  image.data[0] = 0;
  image.data[1] = 200;
  InputSpec spec;
  spec.size = {1, 4};
  spec.resize = true;
  const Image fitted = spec.fit(image);
  ASSERT_EQ(size_of(fitted), spec.size);
  EXPECT_EQ(fitted.at<unsigned char>(0, 0), 0);
  EXPECT_EQ(fitted.at<unsigned char>(0, 1), 50);
  EXPECT_EQ(fitted.at<unsigned char>(0, 2), 150);
  EXPECT_EQ(fitted.at<unsigned char>(0, 3), 200);
}

TEST(InputSpecFit, RefusesAnotherSizeUnlessToldToResize) {
  InputSpec spec;
  spec.size = {28, 28};
  EXPECT_THAT(fit_message(spec, Image(32, 30, CV_8UC1, cv::Scalar(0))),
              AllOf(HasSubstr("32 x 30"), HasSubstr("wants 28 x 28"), HasSubstr("resize: true")));
}

TEST(InputSpecFit, RefusesOtherChannels) {
  InputSpec spec;
  spec.channels = 3;
  EXPECT_THAT(fit_message(spec, Image(8, 8, CV_8UC1, cv::Scalar(0))),
              AllOf(HasSubstr("has 1 channel"), HasSubstr("wants 3"), HasSubstr("color: rgb")));
  spec.channels = 1;
  EXPECT_THAT(fit_message(spec, Image(8, 8, CV_8UC3, cv::Scalar())),
              AllOf(HasSubstr("has 3 channel"), HasSubstr("wants 1"), HasSubstr("color: grey")));
}

TEST(InputSpecFit, RefusesWhatIsNo8BitImage) {
  EXPECT_THAT(fit_message({}, Image()), HasSubstr("image is empty"));
  EXPECT_THAT(fit_message({}, Image(8, 9, CV_32FC1, cv::Scalar(0))),
              AllOf(HasSubstr("8 x 9 with 1 channels of 32 bits"), HasSubstr("CV_8UC1")));
  EXPECT_THAT(fit_message({}, Image(8, 9, CV_8UC4, cv::Scalar())),
              HasSubstr("8 x 9 with 4 channels of 8 bits"));
}

}  // namespace
}  // namespace dflare
