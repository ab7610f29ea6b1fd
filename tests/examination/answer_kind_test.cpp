#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examination/pairs.hpp"
#include "model/model_access.hpp"

namespace dflare {
namespace {

using test::each;
using test::Quarters;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

float to_half(float value, int bits) {
  int exponent = 0;
  const float fraction = std::frexp(value, &exponent);
  const float steps = std::ldexp(1.0F, bits);
  return std::ldexp(std::round(fraction * steps) / steps, exponent);
}

struct Kind {
  const char* what;
  Quarters::Answers answers;
  Output output;
  const char* said;
};

std::vector<Kind> kinds() {
  const auto softmax = [](auto change) { return each(change, true); };
  return {
      {"logits", nullptr, Output::logits, "logits"},
      {"logits / 20", each([](float v) { return v / 20 - 0.3F; }), Output::logits, "logits"},
      {"log-probabilities", softmax([](float v) { return std::log(v); }), Output::logits,
       "log-probabilities"},
      {"softmax", softmax([](float v) { return v; }), Output::probabilities, "probabilities"},
      {"softmax, fp16", softmax([](float v) { return to_half(v, 11); }), Output::probabilities,
       "probabilities"},
      {"softmax, bf16", softmax([](float v) { return to_half(v, 8); }), Output::probabilities,
       "probabilities"},
      {"softmax, steps of 1/256", softmax([](float v) { return std::round(v * 256) / 256; }),
       Output::probabilities, "probabilities"},
      {"softmax, steps of 1/100", softmax([](float v) { return std::round(v * 100) / 100; }),
       Output::probabilities, "probabilities"},
      {"softmax, clipped", softmax([](float v) { return std::min(std::max(v, 0.02F), 0.98F); }),
       Output::probabilities, "probabilities (that sum to"},
      {"sigmoid", each([](float v) { return 1 / (1 + std::exp(5 - v)); }), Output::sigmoid,
       "a sigmoid for each class"},
  };
}

TEST(AnswerKind, IsToldByAllAnswersTogether) {
  for (const Kind& kind : kinds()) {
    Quarters original(kind.answers), compressed(kind.answers);
    examine(original, compressed, test::quarters(60));
    EXPECT_THAT(original.info().scores, StartsWith(kind.said)) << kind.what;
    EXPECT_EQ(original.input().output, kind.output) << kind.what;
    EXPECT_EQ(compressed.input().output, kind.output) << kind.what;
    EXPECT_EQ(original.replicate()->input().output, kind.output) << kind.what;
  }
}

TEST(AnswerKind, ServesProbabilitiesOfAnyPrecisionAsTheyAre) {
  for (const Kind& kind : kinds()) {
    if (kind.output == Output::logits) continue;
    Quarters original(kind.answers), compressed(kind.answers);
    examine(original, compressed, test::quarters(60));
    const Image image = test::quarters(1).load(0).image;
    Scores own;
    original.answers(ImageBatch(std::vector<Image>{image}), own);
    const Scores served = original.predict(image);
    for (int c = 0; c < 4; ++c) EXPECT_EQ(served.row(0)[c], own.row(0)[c]) << kind.what;
  }
}

TEST(AnswerKind, IsWhatIsTold) {
  for (const Kind& kind : kinds()) {
    Quarters told(kind.answers, Quarters::spec(kind.output)), other(kind.answers);
    EXPECT_NO_THROW(examine(told, other, test::quarters(60))) << kind.what;
  }
}

TEST(AnswerKind, ThatContradictsWhatIsToldIsOneErrorThatSaysBoth) {
  const char* names[] = {"auto", "logits", "probabilities", "sigmoid"};
  for (const Kind& kind : kinds()) {
    for (const Output output : {Output::logits, Output::probabilities, Output::sigmoid}) {
      if (output == kind.output) continue;
      Quarters told(kind.answers, Quarters::spec(output)), other(kind.answers);
      EXPECT_THAT(
          test::refusal(told, other),
          AllOf(StartsWith("the original, model 'quarters': "), HasSubstr("they seem to be"),
                HasSubstr(kind.said),
                HasSubstr(std::string("says output: ") + names[static_cast<int>(output)]),
                HasSubstr(std::string("say output: ") + names[static_cast<int>(kind.output)])))
          << kind.what;
      EXPECT_THAT(test::refusal(other, told),
                  StartsWith("the compressed model, model 'quarters': "))
          << kind.what;
    }
  }
}

Quarters::Answers one_score(bool probability) {
  return [=](std::vector<float> logits, std::size_t, std::size_t) {
    const float logit = logits[0] + logits[1] - logits[2] - logits[3];
    return std::vector<float>{probability ? 1 / (1 + std::exp(-logit)) : logit};
  };
}

TEST(AnswerKind, PercentagesAreAnError) {
  for (const float sum : {100.0F, 255.0F}) {
    const auto percentages = test::each([sum](float v) { return v * sum; }, /*after_softmax=*/true);
    Quarters original(percentages), compressed(percentages);
    EXPECT_THAT(test::refusal(original, compressed),
                AllOf(HasSubstr(fmt::format("sum to {} to {}", sum, sum)),
                      HasSubstr("divides them by that")));
  }
}

TEST(AnswerKind, AnotherExaminationAsksForWhatTheUserTold) {
  Quarters original, compressed;
  examine(original, compressed, test::quarters(60));
  EXPECT_EQ(original.input().output, Output::logits);
  EXPECT_EQ(ModelAccess::told_output(original), Output::automatic);
  EXPECT_EQ(test::refusal(original, compressed), "nothing was thrown");
}

TEST(AnswerKind, OneScoreIsServedAsTwoClasses) {
  const Image image = test::quarters(1).load(0).image;
  Quarters logit(one_score(false)), probability(one_score(true));
  const Examination found = examine(logit, probability, test::quarters(60, false));
  EXPECT_EQ(found.classes, 2);
  EXPECT_EQ(logit.info().scores, "one logit for two classes, served as (1 - p, p)");
  EXPECT_EQ(probability.info().scores, "one probability for two classes, served as (1 - p, p)");
  const Scores a = logit.predict(image), b = probability.predict(image);
  ASSERT_EQ(a.classes(), 2);
  EXPECT_GT(a.row(0)[1], 0.5F);
  EXPECT_FLOAT_EQ(a.row(0)[0] + a.row(0)[1], 1.0F);
  EXPECT_NEAR(a.row(0)[1], b.row(0)[1], 1e-6);
}

TEST(AnswerKind, OneScoreThatIsNotFiniteIsNoSureAnswer) {
  Quarters infinite([](std::vector<float>, std::size_t, std::size_t) {
    return std::vector<float>{std::numeric_limits<float>::infinity()};
  });
  EXPECT_FALSE(infinite.predict(test::quarters(1).load(0).image).finite(0));
}

TEST(AnswerKind, ALabelIsNoScore) {
  Quarters label([](std::vector<float> logits, std::size_t, std::size_t) {
    return std::vector<float>{
        static_cast<float>(std::max_element(logits.begin(), logits.end()) - logits.begin())};
  });
  Quarters other(label);
  EXPECT_THAT(test::refusal(label, other), HasSubstr("a label and no score; export a model whose"));
}

TEST(AnswerKind, ContradictingOneScoreIsAnError) {
  Quarters logit(one_score(false), Quarters::spec(Output::probabilities)), other(one_score(false));
  EXPECT_THAT(test::refusal(logit, other, test::quarters(60, false)),
              AllOf(HasSubstr("a logit, but its input specification says output: probabilities")));
}

}  // namespace
}  // namespace dflare
