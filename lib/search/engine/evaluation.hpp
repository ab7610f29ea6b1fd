#pragma once

#include <string>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/model.hpp"

namespace dflare {

/// Throws ConfigError if the models' numbers of classes differ.
void require_same_classes(const ModelInfo& original, int classes, const ModelInfo& compressed,
                          int compressed_classes);

/// Evaluates batches on both models of a pair and keeps the failure of one image from spoiling its
/// neighbours.
class PairEvaluation {
 public:
  PairEvaluation(Model& original, Model& compressed)
      : original_(original), compressed_(compressed) {}

  /// Evaluates all images. If a model fails on the batch, each image is tried alone, so that only
  /// those that make it fail are errors. Throws ConfigError if the models' numbers of classes
  /// differ.
  void evaluate(const ImageBatch& images);

  /// Why an image has no answer: a model threw, or answered a non-finite score. Empty if all is
  /// well.
  const std::string& error(std::size_t i) const { return errors_[i]; }
  /// Valid until the next evaluate(). Of an image without error.
  Answer answer(std::size_t i) const;

  /// Puts the answer of `other`'s only image in the place of this one's i-th.
  void replace(std::size_t i, const PairEvaluation& other);

  /// Of the last evaluation without error.
  int classes() const { return original_scores_.classes(); }
  Model& original() { return original_; }
  Model& compressed() { return compressed_; }

  double inference_seconds() const { return inference_seconds_; }

 private:
  void predict(const ImageBatch& images, Scores& original, Scores& compressed);
  void evaluate_one_by_one(const ImageBatch& images);

  Model& original_;
  Model& compressed_;
  Scores original_scores_, compressed_scores_;
  std::vector<std::string> errors_;
  double inference_seconds_ = 0;
};

}  // namespace dflare
