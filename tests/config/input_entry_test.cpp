#include "config/input_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml.hpp"

namespace dflare::config {
namespace {

using test::Yaml;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

InputSpec read(const std::string& text, InputSpec input = {}) {
  Yaml yaml(text);
  read_input(yaml.root(), input);
  EXPECT_EQ(yaml.mistakes(), "") << text;
  return input;
}

std::string mistakes_of(const std::string& text) {
  Yaml yaml(text);
  InputSpec input;
  read_input(yaml.root(), input);
  return yaml.mistakes();
}

TEST(InputEntry, EveryKeyIsRead) {
  const InputSpec input = read(
      "{channels: 3, size: [28, 32], mean: [0.1, 0.2, 0.3], std: 0.5, range: [-1, 1], "
      "layout: nhwc, output: logits, resize: true}");
  EXPECT_EQ(input.channels, 3);
  EXPECT_EQ(input.size.height, 28);
  EXPECT_EQ(input.size.width, 32);
  EXPECT_THAT(input.mean, ElementsAre(0.1F, 0.2F, 0.3F));
  EXPECT_THAT(input.stddev, ElementsAre(0.5F));
  EXPECT_EQ(input.low, -1);
  EXPECT_EQ(input.high, 1);
  EXPECT_EQ(input.layout, Layout::nhwc);
  EXPECT_EQ(input.output, Output::logits);
  EXPECT_TRUE(input.resize);
}

TEST(InputEntry, OneNumberIsASquareAndOtherWordsAreKnown) {
  EXPECT_EQ(read("{size: 32}").size.width, 32);
  EXPECT_EQ(read("{layout: nchw}").layout, Layout::nchw);
  EXPECT_EQ(read("{output: auto}").output, Output::automatic);
  EXPECT_EQ(read("{output: probabilities}").output, Output::probabilities);
  EXPECT_EQ(read("{output: sigmoid}").output, Output::sigmoid);
  EXPECT_FALSE(read("{resize: false}").resize);
}

TEST(InputEntry, LeavesWhatIsNotGiven) {
  InputSpec before;
  before.channels = 1;
  before.output = Output::logits;
  const InputSpec input = read("{size: 8}", before);
  EXPECT_EQ(input.channels, 1);
  EXPECT_EQ(input.output, Output::logits);
}

TEST(InputEntry, MistakesAreNamed) {
  EXPECT_THAT(mistakes_of("{chanels: 3}"), HasSubstr("unknown key 'chanels'; did you mean "
                                                     "'channels'?"));
  EXPECT_EQ(mistakes_of("{channels: 4}"),
            "f.yaml:1: channels: '4' makes no sense; expected a whole number, 1 to 3");
  EXPECT_EQ(mistakes_of("{size: 0}"),
            "f.yaml:1: size: '0' makes no sense; expected a whole number, 1 to 65536");
  EXPECT_EQ(mistakes_of("{size: [1, 2, 3]}"),
            "f.yaml:1: size: a list of 3 where [height, width] was expected");
  EXPECT_EQ(mistakes_of("{size: [28, 70000]}"),
            "f.yaml:1: size[1]: '70000' makes no sense; expected a whole number, 1 to 65536");
  EXPECT_EQ(mistakes_of("{mean: grey}"),
            "f.yaml:1: mean: 'grey' makes no sense; expected a number or a list of numbers");
  EXPECT_EQ(mistakes_of("{std: []}"),
            "f.yaml:1: std: a list makes no sense; expected a number or a list of numbers");
  EXPECT_EQ(mistakes_of("{range: 1}"),
            "f.yaml:1: range: 1 number(s) where [low, high] was expected, what the pixels 0 and "
            "255 become");
  EXPECT_EQ(mistakes_of("{range: x}"),
            "f.yaml:1: range: 'x' makes no sense; expected a number or a list of numbers");
  EXPECT_EQ(mistakes_of("{layout: hwc}"),
            "f.yaml:1: layout: unknown layout 'hwc'; did you mean 'nhwc'? Known: nchw, nhwc");
  EXPECT_THAT(mistakes_of("{output: softmax}"), HasSubstr("output: unknown output 'softmax'"));
  EXPECT_EQ(mistakes_of("{resize: 1}"),
            "f.yaml:1: resize: '1' makes no sense; expected true or false");
  EXPECT_EQ(mistakes_of("grey"), "f.yaml:1: 'grey' where a map of keys and values was expected");
}

std::string check(const InputSpec& input) {
  Yaml yaml("{a: b}");
  check_input(yaml.root(), input);
  return yaml.mistakes();
}

TEST(InputEntry, IsCheckedAsAWhole) {
  InputSpec input;
  EXPECT_EQ(check(input), "");
  input.stddev = {0};
  EXPECT_EQ(check(input), "f.yaml:1: input stddev: 0; expected numbers above 0");
  input.stddev = {1, 1};
  input.channels = 3;
  EXPECT_THAT(check(input), HasSubstr("input stddev: 2 values for 3 channel(s)"));
}

TEST(InputEntry, MayLeaveTheSizeToTheFile) {
  InputSpec input;
  input.resize = true;
  EXPECT_EQ(check(input), "");
  EXPECT_THROW(input.check(), std::exception);
}

}  // namespace
}  // namespace dflare::config
