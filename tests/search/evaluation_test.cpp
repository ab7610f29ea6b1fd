#include "search/engine/evaluation.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "support/fake_models.hpp"

namespace dflare {
namespace {

using Log = std::vector<std::string>;

/// As a model on a GPU: it is asked first, and its answers are waited for later.
class Queued : public Model {
 public:
  Queued(const std::string& name, Log& log) : Model(spec(), info(name)), log_(log) {}
  std::shared_ptr<Model> replicate() const override { return nullptr; }

  std::string fails_when;  ///< "asked" or "waited for"

 protected:
  void run(const ImageBatch&, Scores&) override { FAIL() << "queue() does it all"; }
  Finish queue(const ImageBatch& images) override {
    note("asked");
    return [this, count = images.size()](Scores& answers) {
      note("waited for");
      answers.resize(static_cast<int>(count), 2);
      for (std::size_t i = 0; i < count; ++i) {
        answers.row(static_cast<int>(i))[0] = 0.25F;
        answers.row(static_cast<int>(i))[1] = 0.75F;
      }
    };
  }

 private:
  static InputSpec spec() {
    InputSpec spec;
    spec.output = Output::probabilities;
    return spec;
  }
  static ModelInfo info(const std::string& name) {
    ModelInfo info;
    info.name = name;
    return info;
  }
  void note(const std::string& what) {
    log_.push_back(info_.name + " " + what);
    if (fails_when == what) throw ModelError("out of memory");
  }

  Log& log_;
};

ImageBatch two_images() {
  return ImageBatch({Image(4, 4, CV_8UC1, cv::Scalar(1)), Image(4, 4, CV_8UC1, cv::Scalar(2))});
}

TEST(PairEvaluation, AsksBothModelsBeforeItWaitsForEither) {
  Log log;
  Queued original("a", log), compressed("b", log);
  PairEvaluation evaluation(original, compressed);
  evaluation.evaluate(two_images());
  EXPECT_EQ(log, (Log{"a asked", "b asked", "a waited for", "b waited for"}));
  EXPECT_EQ(evaluation.answer(1).compressed[1], 0.75F);
}

TEST(PairEvaluation, SaysWhichOfTheTwoFailed) {
  for (const std::string when : {"asked", "waited for"}) {
    Log log;
    Queued original("a", log), compressed("b", log);
    compressed.fails_when = when;
    PairEvaluation evaluation(original, compressed);
    evaluation.evaluate(two_images());
    for (const std::size_t i : {0, 1}) {
      EXPECT_EQ(evaluation.error(i), "the compressed model failed: model 'b': out of memory")
          << when;
    }
    original.fails_when = when;
    evaluation.evaluate(two_images());
    for (const std::size_t i : {0, 1}) {
      EXPECT_EQ(evaluation.error(i), "the original model failed: model 'a': out of memory") << when;
    }
  }
}

TEST(ModelBegin, AModelThatQueuesNothingAnswersWhenItIsWaitedFor) {
  test::FakeModel model(test::brightness(0.5));
  const ImageBatch images = two_images();
  const Model::Finish finish = model.begin(images);
  EXPECT_TRUE(model.batches.empty());
  Scores scores;
  finish(scores);
  EXPECT_EQ(model.batches.size(), 1U);
  EXPECT_EQ(scores.rows(), 2);
}

TEST(ImageBatch, ForgetsWhatABackendMadeOfItWhenItChanges) {
  ImageBatch batch = two_images();
  batch.backend_form() = std::make_shared<int>(1);
  batch.add(Image(4, 4, CV_8UC1, cv::Scalar(3)));
  EXPECT_EQ(batch.backend_form(), nullptr);
  batch.backend_form() = std::make_shared<int>(2);
  batch.clear();
  EXPECT_EQ(batch.backend_form(), nullptr);
}

}  // namespace
}  // namespace dflare
