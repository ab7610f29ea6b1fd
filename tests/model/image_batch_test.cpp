#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<float> values_of(const ImageBatch& batch, const InputSpec& spec) {
  const ImageBatch::Floats floats = batch.floats(spec);
  const int values = floats.count * floats.height * floats.width * floats.channels;
  return {floats.data, floats.data + values};
}

std::string floats_message(const ImageBatch& batch, const InputSpec& spec) {
  return message_of<ModelError>([&] { batch.floats(spec); });
}

Image grey(int height, int width, const std::vector<int>& pixels) {
  Image image(height, width, CV_8UC1);
  std::copy(pixels.begin(), pixels.end(), image.data);
  return image;
}

Image two_pixels_rgb() {
  Image image(1, 2, CV_8UC3);
  const unsigned char pixels[] = {0, 1, 127, 255, 200, 64};
  std::copy(std::begin(pixels), std::end(pixels), image.data);
  return image;
}

InputSpec imagenet() {
  InputSpec spec;
  spec.channels = 3;
  spec.mean = {0.485F, 0.456F, 0.406F};
  spec.stddev = {0.229F, 0.224F, 0.225F};
  return spec;
}

// The values come from NumPy in single precision: (v / 255 - mean) / std.
TEST(ImageBatch, DividesBy255AsToTensorDoes) {
  const ImageBatch batch(std::vector<Image>{grey(2, 3, {0, 1, 3, 77, 254, 255})});
  EXPECT_THAT(values_of(batch, {}), ElementsAre(0.0F, 0x1.010102p-8F, 0x1.818182p-7F,
                                                0x1.353536p-2F, 0x1.fdfdfep-1F, 1.0F));
}

TEST(ImageBatch, NormalisesAsTorchvisionDoesChannelAfterChannel) {
  const ImageBatch batch(std::vector<Image>{two_pixels_rgb()});
  const std::vector<float> values = values_of(batch, imagenet());
  EXPECT_EQ(values[0], -0x1.0f177ap+1F);  // red 0
  EXPECT_EQ(values[1], 0x1.1fdc3ap+1F);   // red 255
  EXPECT_EQ(values[2], -0x1.02549ep+1F);  // green 1
  EXPECT_EQ(values[3], 0x1.773738p+0F);   // green 200
  EXPECT_EQ(values[4], 0x1.a2e17ap-2F);   // blue 127
}

TEST(ImageBatch, PutsTheChannelsLastWhereTheLayoutSaysSo) {
  const ImageBatch batch(std::vector<Image>{two_pixels_rgb()});
  InputSpec spec = imagenet();
  const std::vector<float> planar = values_of(batch, spec);
  spec.layout = Layout::nhwc;
  const std::vector<float> last = values_of(batch, spec);
  EXPECT_THAT(last, ElementsAre(planar[0], planar[2], planar[4], planar[1], planar[3], planar[5]));
}

TEST(ImageBatch, MapsPixelsToTheRange) {
  const ImageBatch batch(std::vector<Image>{grey(1, 2, {0, 255})});
  InputSpec spec;
  spec.low = -1;
  EXPECT_THAT(values_of(batch, spec), ElementsAre(-1.0F, 1.0F));
  spec.low = 0;
  spec.high = 255;
  spec.mean = {127};
  spec.stddev = {2};
  EXPECT_THAT(values_of(batch, spec), ElementsAre(-63.5F, 64.0F));
}

TEST(ImageBatch, OneMeanServesAllChannels) {
  const ImageBatch batch(std::vector<Image>{Image(1, 1, CV_8UC3, cv::Scalar(0, 255, 0))});
  InputSpec spec;
  spec.mean = {0.5F};
  spec.stddev = {0.5F};
  EXPECT_THAT(values_of(batch, spec), ElementsAre(-1.0F, 1.0F, -1.0F));
}

TEST(ImageBatch, KeepsItsImagesApartAndReadsPartsOfImages) {
  const Image whole = grey(2, 3, {1, 2, 3, 4, 5, 6});
  InputSpec spec;
  spec.high = 255;
  ImageBatch batch;
  batch.add(whole(cv::Rect(1, 0, 2, 2)));
  batch.add(grey(2, 2, {7, 8, 9, 10}));
  EXPECT_THAT(values_of(batch, spec), ElementsAre(2, 3, 5, 6, 7, 8, 9, 10));
  const ImageBatch::Floats floats = batch.floats(spec);
  EXPECT_EQ(floats.count, 2);
  EXPECT_EQ(floats.height, 2);
  EXPECT_EQ(floats.width, 2);
  EXPECT_EQ(floats.channels, 1);
}

TEST(ImageBatch, ResizesWhereTheSpecificationSaysSo) {
  InputSpec spec;
  spec.size = {1, 1};
  spec.resize = true;
  spec.high = 255;
  const ImageBatch batch(std::vector<Image>{grey(2, 2, {10, 20, 30, 40}), grey(1, 1, {9})});
  EXPECT_THAT(values_of(batch, spec), ElementsAre(25, 9));
}

TEST(ImageBatch, ConvertsOnceForSpecificationsThatDifferInTheirOutputAlone) {
  Image image = grey(1, 1, {10});
  const ImageBatch batch(std::vector<Image>{image});
  InputSpec spec;
  spec.high = 255;
  EXPECT_THAT(values_of(batch, spec), ElementsAre(10));
  image.data[0] = 20;  // seen by a second conversion alone
  InputSpec probabilities = spec;
  probabilities.output = Output::probabilities;
  EXPECT_THAT(values_of(batch, probabilities), ElementsAre(10));
  InputSpec shifted = spec;
  shifted.mean = {1};
  EXPECT_THAT(values_of(batch, shifted), ElementsAre(19));
}

TEST(ImageBatch, ForgetsItsFloatsWhenItChangesAndKeepsTheirMemory) {
  InputSpec spec;
  spec.high = 255;
  ImageBatch batch;
  batch.add(grey(1, 2, {1, 2}));
  EXPECT_THAT(values_of(batch, spec), ElementsAre(1, 2));
  const float* memory = batch.floats(spec).data;
  batch.clear();
  EXPECT_EQ(batch.size(), 0U);
  batch.add(grey(1, 2, {3, 4}));
  EXPECT_THAT(values_of(batch, spec), ElementsAre(3, 4));
  EXPECT_EQ(batch.floats(spec).data, memory);
  batch.add(grey(1, 2, {5, 6}));
  EXPECT_THAT(values_of(batch, spec), ElementsAre(3, 4, 5, 6));
}

TEST(ImageBatch, RefusesToBeEvaluatedEmpty) {
  EXPECT_THAT(floats_message(ImageBatch(), {}), HasSubstr("the batch has no image"));
}

TEST(ImageBatch, RefusesImagesOfDifferentShapes) {
  ImageBatch batch;
  batch.add(grey(1, 2, {1, 2}));
  batch.add(grey(2, 1, {1, 2}));
  EXPECT_THAT(
      floats_message(batch, {}),
      AllOf(HasSubstr("image 0 is 1 x 2 x 1 and image 1 is 2 x 1 x 1"), HasSubstr("resize: true")));
  batch.clear();
  batch.add(grey(1, 1, {1}));
  batch.add(Image(1, 1, CV_8UC3, cv::Scalar()));
  EXPECT_THAT(floats_message(batch, {}),
              HasSubstr("image 0 is 1 x 1 x 1 and image 1 is 1 x 1 x 3"));
}

TEST(ImageBatch, RefusesAMeanOfOtherChannels) {
  InputSpec spec = imagenet();
  spec.channels = 0;
  const ImageBatch batch(std::vector<Image>{grey(1, 1, {1})});
  EXPECT_THAT(floats_message(batch, spec),
              AllOf(HasSubstr("1 x 1 x 1"), HasSubstr("a mean of 3 channels")));
  spec.mean.clear();
  EXPECT_THAT(floats_message(batch, spec), HasSubstr("a stddev of 3 channels"));
}

}  // namespace
}  // namespace dflare
