#pragma once

// Models and deviations made up for the tests of findings.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/finding.hpp"

namespace dflare::test {

InputSpec probabilities_of_grey(int side);

/// Answers what `answer` says of an image. A model in memory unless `info` names a path.
class FakeModel : public Model {
 public:
  using AnswerTo = std::function<std::vector<float>(const Image&)>;
  FakeModel(AnswerTo answer, ModelInfo info, InputSpec input = probabilities_of_grey(8))
      : Model(std::move(input), std::move(info)), answer_(std::move(answer)) {}

  std::shared_ptr<Model> replicate() const override { return std::make_shared<FakeModel>(*this); }

  /// Sizes of the batches it was asked for.
  std::vector<std::size_t> batches;

 protected:
  void run(const ImageBatch& images, Scores& answers) override;

 private:
  AnswerTo answer_;
};

ModelInfo in_memory(const std::string& name);
ModelInfo of_file(const std::string& path);

/// Label 1 where the mean of the image exceeds `threshold`, else 0; sure of it by 0.6 to 0.4.
FakeModel::AnswerTo bright_above(double threshold);

/// A pair in memory that deviates where the mean lies between 100 and 120.
struct Pair {
  FakeModel original{bright_above(100), in_memory("the original")};
  FakeModel compressed{bright_above(120), in_memory("the compressed")};
};

/// A deviation of that pair. The scores are not exact in decimals.
Deviation deviation_of(const std::string& seed_id, int variant = 0);

SeedSet some_seeds();

std::string content_of(const std::string& path);

/// The message of an exception of that kind, or what happened instead.
template <class Kind, class Function>
std::string message_of(Function f) {
  try {
    f();
  } catch (const Kind& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("another exception: ") + error.what();
  }
  return "no exception";
}

}  // namespace dflare::test
