#include "model/circuit_breaker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/error.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using testing::Eq;
using testing::Optional;

BreakerRules rules(int most_failures, bool stays_open) {
  return {most_failures, stays_open, [](int failures, const std::string& last) {
            return std::to_string(failures) + " failures, the last: " + last;
          }};
}

constexpr bool stays = true;

TEST(CircuitBreaker, OpensAfterSoManyFailuresInARow) {
  CircuitBreaker breaker(rules(3, stays));
  for (const char* what : {"a", "b"}) {
    breaker.failed(what);
    EXPECT_EQ(breaker.why_open(), std::nullopt) << what;
    EXPECT_NO_THROW(breaker.require_closed());
  }
  breaker.failed("c");
  EXPECT_THAT(breaker.why_open(), Optional(Eq("3 failures, the last: c")));
  EXPECT_EQ(message_of<ModelError>([&] { breaker.require_closed(); }), "3 failures, the last: c");
}

TEST(CircuitBreaker, AnAnswerEndsTheRowEvenWithAnError) {
  for (const bool well : {true, false}) {
    CircuitBreaker breaker(rules(2, stays));
    breaker.failed("a");
    breaker.answered(well);
    breaker.failed("b");
    EXPECT_EQ(breaker.why_open(), std::nullopt) << well;
    breaker.failed("c");
    EXPECT_THAT(breaker.why_open(), Optional(Eq("2 failures, the last: c"))) << well;
  }
}

TEST(CircuitBreaker, OneThatStaysOpenKeepsItsFirstReason) {
  CircuitBreaker breaker(rules(1, stays));
  breaker.failed("a");
  breaker.answered();
  breaker.failed("b");
  breaker.open("told to");
  EXPECT_THAT(breaker.why_open(), Optional(Eq("1 failures, the last: a")));
}

TEST(CircuitBreaker, AnotherClosesWithAnAnswerThatWasUnderWay) {
  CircuitBreaker breaker(rules(2, !stays));
  breaker.failed("a");
  breaker.failed("b");
  breaker.failed("c");
  EXPECT_THAT(breaker.why_open(), Optional(Eq("3 failures, the last: c")));
  breaker.answered(false);
  EXPECT_EQ(breaker.why_open(), std::nullopt);
  breaker.failed("d");
  EXPECT_EQ(breaker.why_open(), std::nullopt);
}

TEST(CircuitBreaker, OpenedForGoodByAReason) {
  for (const bool stays_open : {true, false}) {
    CircuitBreaker breaker(rules(1, stays_open));
    breaker.open("two models behind one command");
    breaker.answered();
    breaker.failed("a");
    EXPECT_THAT(breaker.why_open(), Optional(Eq("two models behind one command"))) << stays_open;
  }
}

TEST(CircuitBreaker, KnowsHowTheLastOneWas) {
  CircuitBreaker breaker(rules(9, stays));
  EXPECT_TRUE(breaker.last_was_well());
  breaker.failed("a");
  EXPECT_FALSE(breaker.last_was_well());
  breaker.answered();
  EXPECT_TRUE(breaker.last_was_well());
  breaker.answered(false);
  EXPECT_FALSE(breaker.last_was_well());
}

}  // namespace
}  // namespace dflare
