#include "support/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/numbers.hpp"

namespace dflare {
namespace {

using nlohmann::json;
using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Json, LimitsAreCheckedBeforeItTakesMemory) {
  const auto message = [](const std::string& text) {
    return message_of<JsonError>([&] { parse_json(text); });
  };
  const std::string deep(100'000, '[');
  EXPECT_THAT(message(deep + std::string(deep.size(), ']')), HasSubstr("deeper than 64 levels"));
  EXPECT_THAT(message(deep), HasSubstr("deeper than 64 levels"));
  std::string many = "[";
  for (int i = 0; i < 5'000'000; ++i) many += "0,";
  EXPECT_THAT(message(many + "0]"), HasSubstr("more than 4194304 values"));
  EXPECT_THAT(message("[1"), HasSubstr("parse error"));
  EXPECT_THAT(message("1e999"), HasSubstr("1e999"));
  const std::string quoted = R"({"a": "[[[[\"[[\\", "b": [1, [2]]})";
  EXPECT_EQ(parse_json(quoted, {3, 6}).size(), 2U);
}

template <class T>
std::string refusal(const std::string& text) {
  return message_of<JsonError>([&] { json_value<T>(parse_json(text)); });
}

TEST(Json, NumbersThatTheirTypeDoesNotHold) {
  EXPECT_EQ(json_value<int>(json(2147483647)), 2147483647);
  EXPECT_EQ(json_value<int>(json(-2147483647 - 1)), -2147483647 - 1);
  EXPECT_EQ(json_value<std::uint64_t>(parse_json("18446744073709551615")), 18446744073709551615U);
  EXPECT_EQ(json_value<double>(parse_json("3")), 3);
  EXPECT_EQ(json_value<std::size_t>(json(5)), 5U);
  EXPECT_THAT(refusal<int>("2147483648"), HasSubstr("it is 2147483648, expected a whole number"));
  EXPECT_THAT(refusal<int>("4294967324"), HasSubstr("expected a whole number from -2147483648 to"));
  EXPECT_THAT(refusal<std::int64_t>("18446744073709551615"), HasSubstr("expected a whole number"));
  EXPECT_THAT(refusal<std::size_t>("-1"), HasSubstr("it is -1, expected a whole number from 0"));
  for (const char* none : {"1.5", "true", "null", "\"1\"", "[1]", "1e3"})
    EXPECT_THAT(refusal<int>(none), HasSubstr("expected a whole number")) << none;
  EXPECT_THAT(refusal<float>("1e308"), HasSubstr("it is 1e+308, expected a number"));
  EXPECT_THAT(refusal<std::vector<int>>("[1, 4294967324]"), HasSubstr("it is 4294967324"));
  EXPECT_THAT(refusal<std::vector<float>>("[1, null]"), HasSubstr("it is null"));
  EXPECT_THAT(message_of<JsonError>([] { json_number<double>(json(2.5), 0, 1); }),
              HasSubstr("it is 2.5, expected a number from 0 to 1"));
  EXPECT_THAT(json_value<std::vector<int>>(json({1, 2})), ElementsAre(1, 2));
}

TEST(Numbers, OfTexts) {
  EXPECT_EQ(number_in<double>("0.05"), 0.05);
  EXPECT_EQ(number_in<double>("+1e-3"), 0.001);
  EXPECT_EQ(number_in<int>("-7"), -7);
  for (const char* none : {"", " 1", "1 ", "1,5", "1.5x", "+-1", "+", "0x10"})
    EXPECT_FALSE(number_in<double>(none)) << none;
  for (const char* none : {"1.0", "2147483648", "1.000", "1e3"})
    EXPECT_FALSE(number_in<int>(none)) << none;
  EXPECT_FALSE(number_in<std::uint64_t>("-1"));
}

}  // namespace
}  // namespace dflare
