#include "model/input_tensor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/error.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using Shape = std::vector<std::int64_t>;

std::string refusal(const Shape& shape) {
  return message_of<ModelError>([&] { input_tensor(Element::float32, shape); });
}

TEST(InputTensor, TheChannelsTellTheLayout) {
  const InputTensor planar = input_tensor(Element::float32, {-1, 3, 32, 48});
  EXPECT_EQ(planar.layout, Layout::nchw);
  EXPECT_EQ(planar.size, (ImageSize{32, 48}));
  EXPECT_EQ(planar.channels, 3);
  EXPECT_EQ(planar.most_images, 0);
  const InputTensor interleaved = input_tensor(Element::uint8, {1, 160, 128, 1});
  EXPECT_EQ(interleaved.layout, Layout::nhwc);
  EXPECT_EQ(interleaved.size, (ImageSize{160, 128}));
  EXPECT_EQ(interleaved.channels, 1);
  EXPECT_EQ(interleaved.most_images, 1);
}

TEST(InputTensor, WhatIsOpenIsLeftToTheUser) {
  const InputTensor tensor = input_tensor(Element::float32, {-1, 3, -1, -1});
  EXPECT_FALSE(tensor.size.given());
  EXPECT_EQ(tensor.layout, Layout::nchw);
  const InputTensor either = input_tensor(Element::float32, {1, 3, 3, 3});
  EXPECT_FALSE(either.layout);
  EXPECT_FALSE(either.size.given());
  EXPECT_EQ(either.channels, 0);
  EXPECT_EQ(input_tensor(Element::float32, {1, 3, 3, 3}, Layout::nhwc).channels, 3);
}

TEST(InputTensor, OtherTensorsAreRefused) {
  EXPECT_THAT(refusal({1, 784}), AllOf(HasSubstr("2 dimension(s) (1 x 784)"),
                                       HasSubstr("expected 4: images, height, width")));
  EXPECT_THAT(refusal({1, 4, 32, 32}),
              AllOf(HasSubstr("1 x 4 x 32 x 32"), HasSubstr("expected 1 or 3 channels")));
  EXPECT_THAT(message_of<ModelError>([] {
                input_tensor(Element::uint8, {1, 8, 8, 4}, Layout::nhwc);
              }),
              AllOf(HasSubstr("4 channels"), HasSubstr("expected 1 (grey) or 3 (RGB)")));
  // That would be 28 as an int.
  EXPECT_THAT(refusal({-1, 1, 4294967324, 28}), HasSubstr("expected sides of at most 16777216"));
  EXPECT_THAT(refusal({4294967324, 1, 28, 28}), HasSubstr("expected sides of at most 16777216"));
}

TEST(Agree, TheModelCompletesWhatTheUserLeftOut) {
  InputTensor model = input_tensor(Element::float32, {1, 28, 30, 1});
  model.output = Output::probabilities;
  InputSpec given;
  given.mean = {0.5F};
  given.resize = false;
  const InputSpec agreed = agree(given, model);
  EXPECT_EQ(agreed.size, (ImageSize{28, 30}));
  EXPECT_EQ(agreed.channels, 1);
  EXPECT_EQ(agreed.layout, Layout::nhwc);
  EXPECT_EQ(agreed.output, Output::probabilities);
  EXPECT_THAT(agreed.mean, ElementsAre(0.5F));
  EXPECT_EQ(agree(given, InputTensor()), given);
}

TEST(Agree, ContradictionsAreRefused) {
  const InputTensor model = input_tensor(Element::uint8, {1, 28, 30, 1});
  const auto refusal_of = [&](const InputSpec& given) {
    return message_of<ModelError>([&] { agree(given, model); });
  };
  InputSpec size;
  size.size = {32, 32};
  EXPECT_THAT(refusal_of(size), AllOf(HasSubstr("takes images of 28 x 30"), HasSubstr("32 x 32"),
                                      HasSubstr("leave the size out")));
  InputSpec channels;
  channels.channels = 3;
  EXPECT_THAT(refusal_of(channels),
              AllOf(HasSubstr("1 channel(s)"), HasSubstr("leave the channels out")));
  InputSpec scaled;
  scaled.mean = {0.5F};
  EXPECT_THAT(refusal_of(scaled), HasSubstr("fed 8-bit pixels as they are"));
  InputTensor said = model;
  said.output = Output::probabilities;
  InputSpec logits;
  logits.output = Output::logits;
  EXPECT_THAT(message_of<ModelError>([&] { agree(logits, said); }),
              AllOf(HasSubstr("answers probabilities"), HasSubstr("output: logits")));
}

TEST(Agree, NormalisationIsCheckedAgainstScaleAndZeroPoint) {
  InputTensor model = input_tensor(Element::int8, {1, 28, 30, 1});
  model.quantisation = Quantisation{1 / 255.0F, -128};
  InputSpec given;
  given.mean = {0};
  EXPECT_THAT(agree(given, model).mean, ElementsAre(0));
  given.high = 255;
  EXPECT_THAT(message_of<ModelError>([&] { agree(given, model); }),
              HasSubstr("scale 0.00392157, zero point -128"));
}

std::vector<int> bytes_of(const Feed::Tensor& tensor) {
  const auto* bytes = static_cast<const unsigned char*>(tensor.data);
  return {bytes, bytes + tensor.bytes_an_image * static_cast<std::size_t>(tensor.count)};
}

Image two_pixels(int first) {
  Image image(1, 2, CV_8UC3);
  for (int i = 0; i < 6; ++i) image.data[i] = static_cast<unsigned char>(first + i);
  return image;
}

TEST(Feed, PixelsInTheLayoutOfTheTensor) {
  ImageBatch images;
  images.add(two_pixels(1));
  images.add(two_pixels(11));
  InputSpec spec;
  spec.layout = Layout::nhwc;
  Feed feed(Element::uint8);
  const Feed::Tensor tensor = feed.fill(images, spec);
  EXPECT_THAT(bytes_of(tensor), ElementsAre(1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16));
  EXPECT_EQ(tensor.bytes_an_image, 6U);
  EXPECT_EQ(tensor.height, 1);
  EXPECT_EQ(tensor.width, 2);
  EXPECT_EQ(tensor.channels, 3);
  EXPECT_EQ(*static_cast<const unsigned char*>(tensor.from(1)), 11);
  spec.layout = Layout::nchw;
  EXPECT_THAT(bytes_of(feed.fill(images, spec)),
              ElementsAre(1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16));
}

TEST(Feed, SignedPixelsAre128Less) {
  ImageBatch images;
  Image image(1, 3, CV_8UC1);
  image.data[0] = 0;
  image.data[1] = 128;
  image.data[2] = 255;
  images.add(image);
  Feed feed(Element::int8);
  const Feed::Tensor tensor = feed.fill(images, {});
  const auto* values = static_cast<const signed char*>(tensor.data);
  EXPECT_EQ(values[0], -128);
  EXPECT_EQ(values[1], 0);
  EXPECT_EQ(values[2], 127);
}

TEST(Feed, NumbersByScaleAndZeroPoint) {
  ImageBatch images;
  images.add(two_pixels(100));
  InputSpec spec;
  spec.mean = {0, 0.2F, 0.4F};
  Feed feed(Element::uint8, Quantisation{1 / 255.0F, 1});
  EXPECT_THAT(bytes_of(feed.fill(images, spec)), ElementsAre(101, 104, 51, 54, 1, 4));
  spec.layout = Layout::nhwc;
  EXPECT_THAT(bytes_of(feed.fill(images, spec)), ElementsAre(101, 51, 1, 104, 54, 4));
  spec.mean = {0};  // another specification, another table
  EXPECT_THAT(bytes_of(feed.fill(images, spec)), ElementsAre(101, 102, 103, 104, 105, 106));
}

TEST(Feed, FloatsAreThoseOfTheBatch) {
  ImageBatch images;
  images.add(test::picture(4, 5, 3));
  InputSpec spec;
  spec.mean = {0.5F};
  Feed feed(Element::float32);
  const Feed::Tensor tensor = feed.fill(images, spec);
  EXPECT_EQ(tensor.data, images.floats(spec).data);
  EXPECT_EQ(tensor.bytes_an_image, 4U * 5 * 3 * sizeof(float));
}

TEST(Feed, RefusesWhatFloatsRefuse) {
  Feed feed(Element::uint8);
  EXPECT_THAT(message_of<ModelError>([&] { feed.fill({}, {}); }), HasSubstr("has no image"));
  ImageBatch images;
  images.add(test::picture(4, 5, 3));
  images.add(test::picture(5, 4, 3));
  EXPECT_THAT(message_of<ModelError>([&] { feed.fill(images, {}); }),
              HasSubstr("must have one shape"));
  InputSpec spec;
  spec.size = {8, 8};
  EXPECT_THAT(message_of<ModelError>([&] { feed.fill(images, spec); }), HasSubstr("resize: true"));
}

}  // namespace
}  // namespace dflare
