#include "dflare/model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "dflare/error.hpp"
#include "model/model_access.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

using Rows = std::vector<std::vector<float>>;

// Answers the rows it was last told, whatever the images.
class Parrot : public Model {
 public:
  Parrot(Output output, Rows rows) : Model(spec(output), info()), answers_(std::move(rows)) {}

  std::shared_ptr<Model> replicate() const override { return std::make_shared<Parrot>(*this); }
  void say(Rows rows) { answers_ = std::move(rows); }
  void answer_in_steps_of(float step) { ModelAccess::set_score_step(*this, step); }

 protected:
  void run(const ImageBatch&, Scores& answers) override {
    answers.resize(static_cast<int>(answers_.size()), static_cast<int>(answers_.at(0).size()));
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      std::copy(answers_[i].begin(), answers_[i].end(), answers.row(static_cast<int>(i)));
    }
  }

 private:
  static InputSpec spec(Output output) {
    InputSpec spec;
    spec.output = output;
    return spec;
  }
  static ModelInfo info() {
    ModelInfo info;
    info.name = "parrot";
    return info;
  }
  Rows answers_;
};

class Thrower : public Model {
 public:
  explicit Thrower(const InputSpec& spec = {}) : Model(spec, {}) { info_.name = "thrower"; }
  std::shared_ptr<Model> replicate() const override { return std::make_shared<Thrower>(*this); }

 protected:
  void run(const ImageBatch&, Scores&) override { throw std::runtime_error("out of paper"); }
};

ImageBatch images(std::size_t count) {
  return ImageBatch(std::vector<Image>(count, Image(2, 2, CV_8UC1, cv::Scalar(0))));
}

std::string predict_message(Model& model, std::size_t count) {
  return message_of<ModelError>([&] { model.predict(images(count)); });
}

TEST(Predict, TurnsLogitsIntoProbabilities) {
  Parrot model(Output::logits, {{0, std::log(3.0F)}, {1000, -1000}});
  const Scores scores = model.predict(images(2));
  ASSERT_EQ(scores.rows(), 2);
  ASSERT_EQ(scores.classes(), 2);
  EXPECT_FLOAT_EQ(scores.row(0)[0], 0.25F);
  EXPECT_FLOAT_EQ(scores.row(0)[1], 0.75F);
  EXPECT_EQ(scores.row(1)[0], 1);
  EXPECT_EQ(scores.row(1)[1], 0);
}

TEST(Predict, KeepsTiesOfLogits) {
  Parrot model(Output::logits, {{7.3F, -2, 7.3F, 7.2999997F}});
  const Scores scores = model.predict(images(1));
  EXPECT_EQ(scores.row(0)[0], scores.row(0)[2]);
  EXPECT_LT(scores.row(0)[3], scores.row(0)[0]);
}

TEST(Predict, LeavesProbabilitiesAsTheyAre) {
  Parrot model(Output::probabilities, {{0.1F, 0.2F, 0.705F}});
  const Scores scores = model.predict(images(1));
  EXPECT_EQ(scores.row(0)[0], 0.1F);
  EXPECT_EQ(scores.row(0)[2], 0.705F);
}

TEST(Predict, EvaluatesOneImageAlone) {
  Parrot model(Output::probabilities, {{0.4F, 0.6F}});
  const Scores scores = model.predict(Image(2, 2, CV_8UC1, cv::Scalar(0)));
  EXPECT_EQ(scores.rows(), 1);
  EXPECT_EQ(scores.row(0)[1], 0.6F);
}

TEST(Predict, RefusesLogitsThatClaimToBeProbabilities) {
  Parrot model(Output::probabilities, {{0.5F, 0.5F}, {-1.5F, 2.5F}});
  EXPECT_THAT(predict_message(model, 2),
              AllOf(HasSubstr("model 'parrot'"), HasSubstr("image 1"),
                    HasSubstr("between -1.5 and 2.5"), HasSubstr("set output: logits")));
  // What they add up to is for the examination of the pair.
  model.say({{0.5F, 0.45F}});
  EXPECT_NO_THROW(model.predict(images(1)));
  model.say({{1.002F, -0.0005F}});
  EXPECT_THAT(predict_message(model, 1), HasSubstr("set output: logits"));
}

TEST(Predict, RefusesProbabilitiesThatClaimToBeLogits) {
  Parrot model(Output::logits, {{0.5F, 0.5F}, {nan, 0}, {0, 1}});
  EXPECT_THAT(predict_message(model, 3),
              AllOf(HasSubstr("model 'parrot'"), HasSubstr("all 2 image(s)"),
                    HasSubstr("set output: probabilities")));
}

TEST(Predict, TakesLogitsOfWhichOnlySomeLookLikeProbabilities) {
  Parrot model(Output::logits, {{0, 1}, {2, 5}});
  EXPECT_NO_THROW(model.predict(images(2)));
  model.say({{-0.5F, 1.5F}});
  EXPECT_NO_THROW(model.predict(images(1)));
}

TEST(Predict, RoundedProbabilitiesThatClaimToBeLogitsAreRefused) {
  Parrot model(Output::logits, {{0.5F, 0.25F, 0.125F}});
  model.answer_in_steps_of(0.125F);
  EXPECT_THAT(predict_message(model, 1), HasSubstr("set output: probabilities"));
  model.say({{0.125F, 1.125F, 0}});
  EXPECT_NO_THROW(model.predict(images(1)));
}

TEST(Predict, LeavesNonFiniteRowsNonFinite) {
  for (const Output output : {Output::logits, Output::probabilities}) {
    const Rows rows = {{nan, 0}, {infinity, 1}, {-infinity, 1}, {0.25F, 0.75F}};
    Parrot model(output, rows);
    if (output == Output::logits) {
      model.say({rows[0], rows[1], rows[2], {3, 4}});
    }
    const Scores scores = model.predict(images(4));
    EXPECT_FALSE(scores.finite(0));
    EXPECT_FALSE(scores.finite(1));
    EXPECT_FALSE(scores.finite(2));
    EXPECT_TRUE(scores.finite(3));
  }
}

TEST(Predict, DoesNotJudgeTheKindOfNonFiniteScores) {
  Parrot model(Output::logits, {{nan, nan}});
  EXPECT_FALSE(model.predict(images(1)).finite(0));
}

TEST(Predict, RefusesTheWrongNumberOfRowsOrClasses) {
  Parrot model(Output::logits, {{1, 2, 3}, {4, 5, 6}});
  EXPECT_THAT(predict_message(model, 3),
              AllOf(HasSubstr("answered 2 x 3 scores for 3 image(s)"), HasSubstr("3 x N")));
  model.say({{}});
  EXPECT_THAT(predict_message(model, 1), HasSubstr("answered 1 x 0 scores"));
}

TEST(Predict, ServesOneScoreAsTwoClasses) {
  Parrot logit(Output::logits, {{0}, {std::log(3.0F)}, {0.25F}});
  const Scores of_logits = logit.predict(images(3));
  ASSERT_EQ(of_logits.classes(), 2);
  EXPECT_FLOAT_EQ(of_logits.row(0)[0], 0.5F);
  EXPECT_FLOAT_EQ(of_logits.row(1)[1], 0.75F);
  EXPECT_GT(of_logits.row(2)[1], 0.5F);
  for (const Output output : {Output::automatic, Output::probabilities, Output::sigmoid}) {
    Parrot probability(output, {{0.25F}, {1}});
    const Scores scores = probability.predict(images(2));
    EXPECT_EQ(scores.row(0)[0], 0.75F);
    EXPECT_EQ(scores.row(0)[1], 0.25F);
    EXPECT_EQ(scores.row(1)[0], 0);
  }
  Parrot any(Output::automatic, {{0.5F}, {-1}});
  EXPECT_FLOAT_EQ(any.predict(images(2)).row(1)[1], 1 / (1 + std::exp(1.0F)));
  Parrot promised(Output::probabilities, {{0.5F}, {-1}});
  EXPECT_THAT(predict_message(promised, 2), HasSubstr("the second class, 0 to 1"));
}

TEST(Predict, LeavesASigmoidForEachClassAsItIs) {
  Parrot model(Output::sigmoid, {{0.9F, 0.8F, 0.1F}});
  EXPECT_EQ(model.predict(images(1)).row(0)[1], 0.8F);
  model.say({{0.9F, 1.8F, 0.1F}});
  EXPECT_THAT(predict_message(model, 1),
              AllOf(HasSubstr("between 0.1 and 1.8"), HasSubstr("a sigmoid for each class")));
}

TEST(Predict, FindsOutBatchByBatchWhereNothingIsSaid) {
  Parrot model(Output::automatic, {{0.25F, 0.75F}});
  EXPECT_EQ(model.predict(images(1)).row(0)[1], 0.75F);
  model.say({{0, std::log(3.0F)}});
  EXPECT_FLOAT_EQ(model.predict(images(1)).row(0)[1], 0.75F);
}

TEST(Predict, GivesTheAnswersThemselvesWhateverTheyAre) {
  Parrot model(Output::probabilities, {{3, -4}});
  Scores answers;
  model.answers(images(1), answers);
  EXPECT_EQ(answers.row(0)[1], -4);
  EXPECT_THAT(message_of<ModelError>([&] { model.answers(images(2), answers); }),
              HasSubstr("answered 1 x 2 scores for 2 image(s)"));
}

TEST(Predict, RefusesToAnswerAnotherNumberOfClassesThanBefore) {
  Parrot model(Output::logits, {{1, 2, 3}});
  model.predict(images(1));
  model.say({{1, 2, 3, 4}});
  EXPECT_THAT(predict_message(model, 1),
              AllOf(HasSubstr("answered 4 classes"), HasSubstr("but 3 in an earlier")));
}

TEST(Predict, NamesTheModelThatFails) {
  Thrower model;
  EXPECT_EQ(predict_message(model, 1), "model 'thrower': out of paper");
}

TEST(Predict, ChecksTheInputSpecificationWhenTheModelIsMade) {
  InputSpec spec;
  spec.channels = 2;
  EXPECT_THAT(message_of<ConfigError>([&] { Thrower model(spec); }), HasSubstr("channels: 2"));
}

}  // namespace
}  // namespace dflare
