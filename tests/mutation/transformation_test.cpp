#include "dflare/transformation.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "dflare/error.hpp"
#include "mutation/dither.hpp"
#include "support/images.hpp"
#include "support/numbers.hpp"

namespace dflare {
namespace {

using test::picture;

Transformation rotated(double degrees) {
  Transformation t;
  t.rotate = degrees;
  return t;
}
Transformation moved(double right, double down) {
  Transformation t;
  t.right = right;
  t.down = down;
  return t;
}
Transformation contrasted(double factor) {
  Transformation t;
  t.contrast = factor;
  return t;
}
Transformation brightened(double grey_levels) {
  Transformation t;
  t.brightness = grey_levels;
  return t;
}
Transformation with_key(Transformation t, std::uint32_t key) {
  t.dither = key;
  return t;
}

Image grey(int value, int side = 6) {
  return Image(side, side, CV_8UC1, cv::Scalar(value));
}

/// `image` moved by whole pixels, the edges replicated.
Image shifted(const Image& image, int right, int down) {
  Image result(image.size(), image.type());
  for (int y = 0; y < image.rows; ++y) {
    for (int x = 0; x < image.cols; ++x) {
      const int from_x = std::clamp(x - right, 0, image.cols - 1);
      const int from_y = std::clamp(y - down, 0, image.rows - 1);
      image(cv::Rect(from_x, from_y, 1, 1)).copyTo(result(cv::Rect(x, y, 1, 1)));
    }
  }
  return result;
}

TEST(Transformation, ThatChangesNothingGivesTheSamePixels) {
  for (const int channels : {1, 3}) {
    const Image image = picture(9, 13, channels, 1), before = image.clone();
    for (const std::uint32_t key : {0U, 1U, 0xFFFFFFFFU})
      EXPECT_TRUE(same_pixels(with_key({}, key).apply(image), before)) << key;
    EXPECT_TRUE(same_pixels(image, before));
  }
}

TEST(Transformation, RotatesByQuartersExactly) {
  const std::vector<std::pair<double, int>> quarters = {{90, cv::ROTATE_90_COUNTERCLOCKWISE},
                                                        {180, cv::ROTATE_180},
                                                        {270, cv::ROTATE_90_CLOCKWISE},
                                                        {-90, cv::ROTATE_90_CLOCKWISE}};
  for (const int side : {8, 9}) {
    for (const int channels : {1, 3}) {
      const Image image = picture(side, side, channels, 2);
      for (const auto& [degrees, code] : quarters) {
        Image expected;
        cv::rotate(image, expected, code);
        EXPECT_TRUE(same_pixels(rotated(degrees).apply(image), expected)) << degrees << " " << side;
      }
    }
  }
}

TEST(Transformation, MovesByWholePixelsExactlyAndReplicatesEdges) {
  for (const int channels : {1, 3}) {
    const Image image = picture(10, 14, channels, 3);
    for (const auto& [right, down] : std::vector<std::pair<int, int>>{
             {3, 0}, {-2, 0}, {0, 4}, {0, -1}, {2, -3}, {-20, 1}, {0, 30}}) {
      EXPECT_TRUE(same_pixels(moved(right, down).apply(image), shifted(image, right, down)))
          << right << " " << down;
    }
  }
}

TEST(Transformation, InterpolatesBetweenPixels) {
  Image edge = grey(0);
  edge.colRange(3, 6).setTo(200);
  EXPECT_EQ(moved(0.25, 0).apply(edge).at<unsigned char>(2, 3), 150);
  EXPECT_EQ(moved(-0.25, 0).apply(edge).at<unsigned char>(2, 2), 50);
}

TEST(Transformation, MovesByLessThanOpenCvsStepsChangeTheImage) {
  const Image image = picture(28, 28, 1, 1);
  // cv::warpAffine() rounds to 1/32 of a pixel.
  std::vector<Image> images;
  for (const double right : {0.0, 0.004, 0.008, 0.012})
    images.push_back(with_key(moved(right, 0), 5).apply(image));
  for (std::size_t i = 0; i + 1 < images.size(); ++i)
    EXPECT_FALSE(same_pixels(images[i], images[i + 1])) << i;
}

TEST(Transformation, ScalesAndShearsAboutTheCentre) {
  Image spot = grey(0, 21);
  spot(cv::Rect(13, 12, 3, 3)).setTo(240);  // 4 right of and 3 below the centre
  const auto brightest = [](const Image& image) {
    cv::Moments moments = cv::moments(image);
    return cv::Point2d(moments.m10 / moments.m00 - 10, moments.m01 / moments.m00 - 10);
  };
  Transformation t;
  t.scale = 1.5;
  EXPECT_NEAR(brightest(t.apply(spot)).x, 6, 0.1);
  EXPECT_NEAR(brightest(t.apply(spot)).y, 4.5, 0.1);
  t = {};
  t.shear = 0.5;  // the lower half moves to the right
  EXPECT_NEAR(brightest(t.apply(spot)).x, 5.5, 0.1);
  EXPECT_NEAR(brightest(t.apply(spot)).y, 3, 0.1);
  // What is moved is moved after it was turned and scaled.
  t = {};
  t.rotate = 90;
  t.scale = 1.5;
  t.right = 2;
  EXPECT_NEAR(brightest(t.apply(spot)).x, 4.5 + 2, 0.1);
  EXPECT_NEAR(brightest(t.apply(spot)).y, -6, 0.1);
}

TEST(Transformation, ContrastOfGreyImagesIsAboutBlack) {
  for (const auto& [value, expected] :
       std::vector<std::pair<int, int>>{{0, 0}, {100, 150}, {170, 255}, {200, 255}}) {
    EXPECT_TRUE(same_pixels(contrasted(1.5).apply(grey(value)), grey(expected))) << value;
  }
  EXPECT_TRUE(same_pixels(contrasted(0.5).apply(grey(100)), grey(50)));
}

TEST(Transformation, ContrastOfColourImagesIsAboutTheirMean) {
  const Image image(4, 4, CV_8UC3, cv::Scalar(40, 100, 160));
  EXPECT_TRUE(
      same_pixels(contrasted(1.5).apply(image), Image(4, 4, CV_8UC3, cv::Scalar(10, 100, 190))));
  EXPECT_TRUE(
      same_pixels(contrasted(3).apply(image), Image(4, 4, CV_8UC3, cv::Scalar(0, 100, 255))));
}

TEST(Transformation, BrightnessIsInProportionOnGreyImagesAndTheSameOnColourOnes) {
  EXPECT_TRUE(same_pixels(brightened(51).apply(grey(0)), grey(0)));
  EXPECT_TRUE(same_pixels(brightened(51).apply(grey(100)), grey(120)));
  EXPECT_TRUE(same_pixels(brightened(-51).apply(grey(200)), grey(160)));
  EXPECT_TRUE(same_pixels(brightened(204).apply(grey(127)), grey(229)));
  const Image image(4, 4, CV_8UC3, cv::Scalar(0, 100, 230));
  EXPECT_TRUE(
      same_pixels(brightened(30).apply(image), Image(4, 4, CV_8UC3, cv::Scalar(30, 130, 255))));
  // After the contrast: (100 * 1.5 + 30) and not (100 + 30) * 1.5.
  Transformation both = brightened(30);
  both.contrast = 1.5;
  EXPECT_TRUE(same_pixels(both.apply(Image(4, 4, CV_8UC3, cv::Scalar(40, 100, 160))),
                          Image(4, 4, CV_8UC3, cv::Scalar(40, 130, 220))));
}

Image dithered(double value, std::uint32_t key, int side = 8, int channels = 1) {
  Image image;
  dither(cv::Mat(side, side, CV_32FC(channels), cv::Scalar::all(value)), key, image);
  return image;
}

TEST(Dither, RoundsWithoutAKey) {
  for (const auto& [value, expected] : std::vector<std::pair<double, int>>{
           {100.49, 100}, {100.5, 101}, {-3, 0}, {300, 255}, {254.6, 255}}) {
    EXPECT_TRUE(same_pixels(dithered(value, 0), grey(expected, 8))) << value;
  }
}

TEST(Dither, DependsOnItsKeyAlone) {
  EXPECT_TRUE(same_pixels(dithered(100.4, 3), dithered(100.4, 3)));
  EXPECT_FALSE(same_pixels(dithered(100.4, 3), dithered(100.4, 4)));
  EXPECT_FALSE(same_pixels(dithered(100.4, 3), dithered(100.4, 5)));
  // Each channel has thresholds of its own.
  const Image colour = dithered(100.5, 3, 8, 3);
  Image first, second;
  cv::extractChannel(colour, first, 0);
  cv::extractChannel(colour, second, 1);
  EXPECT_FALSE(same_pixels(first, second));
}

TEST(Dither, ManyKeysTogetherAreTheValue) {
  constexpr int keys = 2000;
  cv::Mat sum = cv::Mat::zeros(8, 8, CV_64F);
  for (std::uint32_t key = 1; key <= keys; ++key) {
    const Image image = dithered(100.3, key);
    EXPECT_TRUE(cv::checkRange(image, true, nullptr, 100, 102));
    cv::accumulate(image, sum);
  }
  double lowest = 0, highest = 0;
  cv::minMaxLoc(sum / keys, &lowest, &highest);
  // Standard deviation of a pixel's mean: 0.01.
  EXPECT_GT(lowest, 100.3 - 0.045);
  EXPECT_LT(highest, 100.3 + 0.045);
  EXPECT_NEAR(cv::mean(sum)[0] / keys, 100.3, 0.005);
}

TEST(Dither, KeepsWholeNumbersWhateverTheKey) {
  for (std::uint32_t key = 0; key < 50; ++key) {
    EXPECT_TRUE(same_pixels(dithered(0, key), grey(0, 8)));
    EXPECT_TRUE(same_pixels(dithered(173, key), grey(173, 8)));
    EXPECT_TRUE(same_pixels(dithered(255, key), grey(255, 8)));
  }
}

/// Parameters with long fractions.
Transformation everything() {
  Transformation t;
  t.rotate = 12.345678901234567;
  t.right = 1.2345678901234567;
  t.down = -0.76543210987654321;
  t.scale = 0.93123456789012345;
  t.shear = 0.12345678901234567;
  t.contrast = 1.1804567890123456;
  t.brightness = -3.5123456789012345;
  t.dither = 0xDEADBEEF;
  return t;
}

TEST(Transformation, IsMadeAgainFromItsPrintedParameters) {
  const auto printed = [](double value) {
    return number_in<double>(fmt::format("{}", value)).value();
  };
  const Transformation t = everything();
  Transformation again;
  again.rotate = printed(t.rotate);
  again.right = printed(t.right);
  again.down = printed(t.down);
  again.scale = printed(t.scale);
  again.shear = printed(t.shear);
  again.contrast = printed(t.contrast);
  again.brightness = printed(t.brightness);
  again.dither = t.dither;
  EXPECT_TRUE(again == t);
  for (const int channels : {1, 3}) {
    const Image image = picture(28, 28, channels, 4);
    EXPECT_TRUE(same_pixels(t.apply(image), again.apply(image)));
    EXPECT_FALSE(same_pixels(t.apply(image), image));
  }
}

TEST(Transformation, EqualsOnlyThoseOfTheSameParameters) {
  const Transformation t = everything();
  EXPECT_TRUE(t == everything());
  std::vector<Transformation> others(8, t);
  others[0].rotate += 1e-9;
  others[1].right += 1e-9;
  others[2].down += 1e-9;
  others[3].scale += 1e-9;
  others[4].shear += 1e-9;
  others[5].contrast += 1e-9;
  others[6].brightness += 1e-9;
  others[7].dither += 1;
  for (std::size_t i = 0; i < others.size(); ++i) EXPECT_FALSE(others[i] == t) << i;
}

TEST(Transformation, SaysWhatItDoes) {
  EXPECT_EQ(Transformation().text(), "not changed");
  EXPECT_EQ(with_key({}, 7).text(), "not changed");
  EXPECT_EQ(rotated(12.34).text(), "rotated 12.3 degrees");
  EXPECT_EQ(rotated(-5).text(), "rotated -5 degrees");
  EXPECT_EQ(moved(1.23, 0).text(), "moved 1.2 px right");
  EXPECT_EQ(moved(-1.23, 0).text(), "moved 1.2 px left");
  EXPECT_EQ(moved(0, 3).text(), "moved 3 px down");
  EXPECT_EQ(moved(2, -0.5).text(), "moved 2 px right and 0.5 px up");
  EXPECT_EQ(contrasted(1.18).text(), "contrast +18 %");
  EXPECT_EQ(contrasted(0.9).text(), "contrast -10 %");
  EXPECT_EQ(brightened(9.96).text(), "brightness +10 grey levels");
  EXPECT_EQ(brightened(-3.14).text(), "brightness -3.1 grey levels");
  Transformation t;
  t.scale = 0.93;
  EXPECT_EQ(t.text(), "scaled 0.93");
  t = {};
  t.shear = -0.123;
  EXPECT_EQ(t.text(), "sheared -0.12");
  t = everything();
  t.brightness = 0;
  t.contrast = 1.18;
  t.down = t.shear = 0;
  t.scale = 1;
  EXPECT_EQ(t.text(), "rotated 12.3 degrees, moved 1.2 px right, contrast +18 %");
  EXPECT_EQ(everything().text(),
            "rotated 12.3 degrees, moved 1.2 px right and 0.77 px up, scaled 0.93, sheared 0.12, "
            "contrast +18 %, brightness -3.5 grey levels");
}

TEST(Transformation, SaysLargeAndSmallChangesInPlainNumbers) {
  EXPECT_EQ(moved(123.4, 0).text(), "moved 123 px right");
  EXPECT_EQ(contrasted(2.01375).text(), "contrast +101 %");
  EXPECT_EQ(brightened(100.4).text(), "brightness +100 grey levels");
  EXPECT_EQ(rotated(0.0123).text(), "rotated 0.0123 degrees");
  Transformation t;
  t.scale = 1.0042;
  EXPECT_EQ(t.text(), "scaled 1.004");
}

TEST(Transformation, RefusesWhatNoImageCanBeReadAt) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Image image(8, 8, CV_8UC1, cv::Scalar(20));
  for (double Transformation::*parameter :
       {&Transformation::rotate, &Transformation::right, &Transformation::down,
        &Transformation::scale, &Transformation::shear, &Transformation::contrast,
        &Transformation::brightness}) {
    for (const double value : {1e308, -1e308, nan}) {
      Transformation t;
      t.*parameter = value;
      EXPECT_THROW(t.apply(image), ConfigError) << value;
    }
  }
}

}  // namespace
}  // namespace dflare
