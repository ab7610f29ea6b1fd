#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "dflare/random.hpp"

namespace dflare::test {

/// Grey images of side x side pixels in, probabilities out.
inline InputSpec probabilities_of_grey(int side) {
  InputSpec input;
  input.size = {side, side};
  input.channels = 1;
  input.output = Output::probabilities;
  return input;
}

/// A model that answers what a function of one image says; for tests that need no LibTorch. The
/// function also gets the place of the image in its batch and the size of the batch.
class FakeModel : public Model {
 public:
  using Function = std::function<std::vector<float>(const Image& image, std::size_t place,
                                                    std::size_t batch_size)>;

  explicit FakeModel(Function function, const std::string& name = "fake",
                     Output output = Output::probabilities)
      : Model(spec(output), info(name)), function_(std::move(function)) {}
  FakeModel(Function function, ModelInfo info, InputSpec input = probabilities_of_grey(8))
      : Model(std::move(input), std::move(info)), function_(std::move(function)) {}

  std::shared_ptr<Model> replicate() const override { return std::make_shared<FakeModel>(*this); }

  /// Sizes of the batches it was asked for.
  std::vector<std::size_t> batches;

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    batches.push_back(images.size());
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::vector<float> row = function_(images[i], i, images.size());
      if (i == 0) answers.resize(static_cast<int>(images.size()), static_cast<int>(row.size()));
      std::copy(row.begin(), row.end(), answers.row(static_cast<int>(i)));
    }
  }

 private:
  static InputSpec spec(Output output) {
    InputSpec spec;
    spec.output = output;
    return spec;
  }
  static ModelInfo info(const std::string& name) {
    ModelInfo info;
    info.name = name;
    info.backend = "fake";
    info.runtime = "none";
    info.device = "cpu";
    return info;
  }

  Function function_;
};

/// Mean pixel of an image, 0..1.
inline double mean_pixel(const Image& image) {
  double sum = 0;
  const int values = image.cols * image.channels();
  for (int y = 0; y < image.rows; ++y) {
    for (int x = 0; x < values; ++x) sum += image.ptr<unsigned char>(y)[x];
  }
  return sum / (255.0 * image.rows * values);
}

/// Two classes, 'dark' and 'bright', told apart by the mean pixel at `boundary`; the probability of
/// 'bright' rises with the given steepness.
inline FakeModel::Function brightness(double boundary, double steepness = 2) {
  return [=](const Image& image, std::size_t, std::size_t) {
    const double bright =
        std::min(0.99, std::max(0.01, 0.5 + steepness * (mean_pixel(image) - boundary)));
    return std::vector<float>{static_cast<float>(1 - bright), static_cast<float>(bright)};
  };
}

/// A linear classifier of fixed random weights over the pixels, as logits; `perturbation` changes
/// each weight by that share. `place_noise` adds what depends on the place in the batch, as float
/// kernels do with the last bits.
inline FakeModel::Function linear(int classes, double perturbation = 0, float place_noise = 0) {
  return [=](const Image& image, std::size_t place, std::size_t batch_size) {
    Random weights(7), changes(8);
    std::vector<float> logits(static_cast<std::size_t>(classes));
    for (std::size_t c = 0; c < logits.size(); ++c) {
      double sum = 0;
      for (int y = 0; y < image.rows; ++y) {
        for (int x = 0; x < image.cols * image.channels(); ++x) {
          const double w = weights.normal() * (1 + perturbation * changes.uniform(-1, 1));
          sum += w * (image.ptr<unsigned char>(y)[x] / 255.0 - 0.5);
        }
      }
      logits[c] = static_cast<float>(sum) +
                  place_noise * static_cast<float>((place * 7 + batch_size * 3 + c * 5) % 11);
    }
    return logits;
  };
}

}  // namespace dflare::test
