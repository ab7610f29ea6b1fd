#pragma once

#include <dflare/model.hpp>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

/// Says which of several pictures an image looks like most, by OpenCV's distance. A model as any
/// other for dflare, with no LibTorch in it.
class TemplateMatcher : public dflare::Model {
 public:
  /// The pictures are of one size, one a class.
  TemplateMatcher(std::vector<cv::Mat> pictures, const std::string& name)
      : Model(input_for(pictures), info_for(name)), pictures_(std::move(pictures)) {}

  /// Every worker has one of its own. What cannot be copied is opened again here.
  std::shared_ptr<Model> replicate() const override {
    return std::make_shared<TemplateMatcher>(*this);
  }

 protected:
  /// One row of answers an image. What is thrown here is reported with the model's name.
  void run(const dflare::ImageBatch& images, dflare::Scores& answers) override {
    answers.resize(static_cast<int>(images.size()), static_cast<int>(pictures_.size()));
    for (std::size_t i = 0; i < images.size(); ++i) {
      float* logits = answers.row(static_cast<int>(i));
      for (std::size_t c = 0; c < pictures_.size(); ++c)
        logits[c] = static_cast<float>(-cv::norm(images[i], pictures_[c], cv::NORM_L2) / 100);
    }
  }

 private:
  /// What images it takes, and whether it answers logits or probabilities.
  static dflare::InputSpec input_for(const std::vector<cv::Mat>& pictures) {
    dflare::InputSpec input;
    input.size = dflare::size_of(pictures.at(0));
    input.channels = 1;
    input.output = dflare::Output::logits;
    return input;
  }
  /// What messages and findings say of it.
  static dflare::ModelInfo info_for(const std::string& name) {
    dflare::ModelInfo info;
    info.name = name;
    info.backend = "template matcher";
    info.runtime = "OpenCV " CV_VERSION;
    info.device = "cpu";
    return info;
  }

  std::vector<cv::Mat> pictures_;
};
