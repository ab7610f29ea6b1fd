// Gradients from a twin.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "search/linear_model.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::shared_ptr<Model> linear(bool gradients, double perturbation = 0) {
  LinearModel::Settings settings;
  settings.gradients = gradients;
  settings.perturbation = perturbation;
  return std::make_shared<LinearModel>(6, 1, settings);
}

std::vector<float> scores_of(Model& model, const Image& image) {
  const Scores scores = model.predict(image);
  return {scores.row(0), scores.row(0) + scores.classes()};
}

TEST(Twin, AnswersAreTheModelsAndGradientsTheTwins) {
  const auto model = linear(false, 0.3), twin = linear(true);
  const auto both = with_gradients_from(model, twin);
  const Image image = picture(6, 6, 1);
  EXPECT_TRUE(both->has_gradients());
  EXPECT_EQ(scores_of(*both, image), scores_of(*model, image));
  EXPECT_NE(scores_of(*both, image), scores_of(*twin, image));
  const cv::Mat gradient = both->gradient(image, 0, 1), expected = twin->gradient(image, 0, 1);
  EXPECT_EQ(cv::norm(gradient, expected, cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(gradient, cv::NORM_INF), 0);
  EXPECT_EQ(both->info().name, model->info().name);
  EXPECT_EQ(both->input(), model->input());
}

TEST(Twin, ReplicasAnswerAlike) {
  const auto both = with_gradients_from(linear(false, 0.3), linear(true));
  const auto replica = both->replicate();
  const Image image = picture(6, 6, 1);
  EXPECT_EQ(scores_of(*replica, image), scores_of(*both, image));
  EXPECT_EQ(cv::norm(replica->gradient(image, 2, 1), both->gradient(image, 2, 1)), 0);
}

TEST(Twin, ATwinWithoutGradientsIsRefused) {
  EXPECT_THAT(message_of<ModelError>([] { with_gradients_from(linear(false), linear(false)); }),
              AllOf(HasSubstr("model 'linear'"), HasSubstr("no gradients to give"),
                    HasSubstr("floating-point TorchScript file")));
}

}  // namespace
}  // namespace dflare::test
