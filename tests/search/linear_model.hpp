#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "dflare/random.hpp"

namespace dflare::test {

/// A linear classifier of fixed random weights over images of one size, which may have gradients.
class LinearModel : public Model {
 public:
  struct Settings {
    int classes = 4;
    double perturbation = 0;  ///< changes each weight by that share
    bool gradients = false;
    float place_noise = 0;  ///< adds what depends on the place in the batch, as float kernels do
    std::string gradients_fail_with{};
    std::vector<Image>* asked = nullptr;  ///< keeps what it is asked for
  };

  LinearModel(int side, int channels, Settings settings)
      : Model(spec(side, channels), info()), settings_(std::move(settings)) {
    Random weights(7), changes(8);
    weights_.resize(static_cast<std::size_t>(settings_.classes));
    for (auto& row : weights_) {
      for (int i = 0; i < side * side * channels; ++i) {
        const double change = settings_.perturbation * changes.uniform(-1, 1);
        row.push_back(static_cast<float>(weights.normal() * (1 + change)));
      }
    }
  }

  std::shared_ptr<Model> replicate() const override { return std::make_shared<LinearModel>(*this); }
  bool has_gradients() const override { return settings_.gradients; }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    const ImageBatch::Floats floats = images.floats(input());
    for (std::size_t i = 0; settings_.asked != nullptr && i < images.size(); ++i)
      settings_.asked->push_back(images[i].clone());
    const std::size_t values = weights_[0].size();
    answers.resize(floats.count, settings_.classes);
    for (int i = 0; i < floats.count; ++i) {
      const float* image = floats.data + static_cast<std::size_t>(i) * values;
      for (int c = 0; c < settings_.classes; ++c)
        answers.row(i)[c] = logit(image, c) + noise(i, c, floats.count);
    }
  }
  std::vector<float> input_gradient(const ImageBatch&, int a, int b) override {
    if (!settings_.gradients_fail_with.empty()) throw ModelError(settings_.gradients_fail_with);
    std::vector<float> gradient = weights_[static_cast<std::size_t>(a)];
    const auto& other = weights_[static_cast<std::size_t>(b)];
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] -= other[i];
    return gradient;
  }

 private:
  static InputSpec spec(int side, int channels) {
    InputSpec spec;
    spec.size = {side, side};
    spec.channels = channels;
    spec.low = -0.5F;
    spec.high = 0.5F;
    return spec;
  }
  static ModelInfo info() {
    ModelInfo info;
    info.name = "linear";
    info.backend = "fake";
    return info;
  }

  float logit(const float* image, int c) const {
    const auto& row = weights_[static_cast<std::size_t>(c)];
    float sum = 0;
    for (std::size_t i = 0; i < row.size(); ++i) sum += row[i] * image[i];
    return sum;
  }
  float noise(int place, int c, int batch_size) const {
    return settings_.place_noise * static_cast<float>((place * 7 + batch_size * 3 + c * 5) % 11);
  }

  Settings settings_;
  std::vector<std::vector<float>> weights_;
};

}  // namespace dflare::test
