#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "dflare/examination.hpp"
#include "dflare/random.hpp"
#include "support/fake_models.hpp"
#include "support/message_of.hpp"

namespace dflare::test {

/// Grey images of 8 x 8, brighter and brighter in quarters, whose class is the brightest quarter.
inline SeedSet quarters(std::size_t count, bool labelled = true, int moved = 0, int classes = 4) {
  std::vector<Image> images;
  std::vector<int> labels;
  Random random(3);
  for (std::size_t i = 0; i < count; ++i) {
    Image image(8, 8, CV_8UC1);
    const int bright = static_cast<int>(i) % classes;
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 8; ++x) {
        const int quarter = 2 * (y / 4) + x / 4;
        image.at<unsigned char>(y, x) =
            static_cast<unsigned char>(random.integer(20, 60) + (quarter == bright ? 120 : 0));
      }
    }
    images.push_back(image);
    labels.push_back((bright + moved + 4) % 4);
  }
  return SeedSet::images(images, labelled ? labels : std::vector<int>());
}

/// Feeds as its input specification says, and tells the quarters apart.
class Quarters : public Model {
 public:
  /// What it makes of four logits, which may depend on the place in the batch, its size, and state.
  using Answers = std::function<std::vector<float>(std::vector<float> logits, std::size_t place,
                                                   std::size_t images)>;

  explicit Quarters(Answers answers = nullptr, InputSpec input = spec())
      : Model(std::move(input), named()), answers_(std::move(answers)) {}

  static InputSpec spec() { return spec(Output::automatic); }
  static InputSpec spec(Output output) {
    InputSpec input;
    input.size = {8, 8};
    input.channels = 1;
    input.output = output;
    return input;
  }
  std::shared_ptr<Model> replicate() const override { return std::make_shared<Quarters>(*this); }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    const ImageBatch::Floats fed = images.floats(input());
    for (int i = 0; i < fed.count; ++i) {
      std::vector<float> logits(4, 0.0F);
      for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 8; ++x) {
          // Trained on 0..1, and lost beyond.
          const float value = std::min(fed.data[i * 64 + y * 8 + x], 1.0F);
          logits[static_cast<std::size_t>(2 * (y / 4) + x / 4)] += value;
        }
      }
      if (answers_) {
        logits = answers_(std::move(logits), static_cast<std::size_t>(i),
                          static_cast<std::size_t>(fed.count));
      }
      if (i == 0) answers.resize(fed.count, static_cast<int>(logits.size()));
      std::copy(logits.begin(), logits.end(), answers.row(i));
    }
  }

 private:
  static ModelInfo named() {
    ModelInfo info;
    info.name = "quarters";
    return info;
  }

  Answers answers_;
};

inline std::vector<float> softmax_of(std::vector<float> logits) {
  float sum = 0;
  for (float& value : logits) sum += value = std::exp(value);
  for (float& value : logits) value /= sum;
  return logits;
}

/// The same for every value of the answer.
template <class Change>
Quarters::Answers each(Change change, bool after_softmax = false) {
  return [=](std::vector<float> logits, std::size_t, std::size_t) {
    if (after_softmax) logits = softmax_of(std::move(logits));
    for (float& value : logits) value = static_cast<float>(change(value));
    return logits;
  };
}

/// The message of what examine() throws of this pair.
inline std::string refusal(Model& original, Model& compressed, const SeedSet& seeds = quarters(60),
                           const Options& options = {}) {
  return message_of<Error>([&] { examine(original, compressed, seeds, options); });
}

}  // namespace dflare::test
