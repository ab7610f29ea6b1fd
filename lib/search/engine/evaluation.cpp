#include "search/engine/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "dflare/error.hpp"

namespace dflare {
namespace {

void copy_row(const Scores& from, int from_row, Scores& to, int to_row) {
  std::copy_n(from.row(from_row), from.classes(), to.row(to_row));
}

std::string non_finite(const char* which) {
  return fmt::format("the {} model answered a score that is not finite (NaN or infinity)", which);
}

}  // namespace

void PairEvaluation::predict(const ImageBatch& images, Scores& original, Scores& compressed) {
  const auto begin = std::chrono::steady_clock::now();
  const auto named = [](const char* which, const std::exception& e) {
    return ModelError(fmt::format("the {} model failed: {}", which, e.what()));
  };
  // Both models are asked before either is waited for, so that a device has work for both.
  const char* asked = "original";
  try {
    const Model::Finish finish_original = original_.begin(images);
    asked = "compressed";
    const Model::Finish finish_compressed = compressed_.begin(images);
    asked = "original";
    finish_original(original);
    asked = "compressed";
    finish_compressed(compressed);
  } catch (const std::exception& e) {
    throw named(asked, e);
  }
  inference_seconds_ +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void require_same_classes(const ModelInfo& original, int classes, const ModelInfo& compressed,
                          int compressed_classes) {
  if (classes == compressed_classes) return;
  throw ConfigError(fmt::format(
      "the models do not answer for the same classes: {} has {}, {} has {}; a pair needs one set "
      "of classes",
      original.name, classes, compressed.name, compressed_classes));
}

void PairEvaluation::evaluate(const ImageBatch& images) {
  errors_.assign(images.size(), std::string());
  try {
    predict(images, original_scores_, compressed_scores_);
  } catch (const ModelError& e) {
    if (images.size() == 1) {
      errors_[0] = e.what();
    } else {
      evaluate_one_by_one(images);
    }
    return;
  }
  require_same_classes(original_.info(), original_scores_.classes(), compressed_.info(),
                       compressed_scores_.classes());
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (!original_scores_.finite(static_cast<int>(i))) {
      errors_[i] = non_finite("original");
    } else if (!compressed_scores_.finite(static_cast<int>(i))) {
      errors_[i] = non_finite("compressed");
    }
  }
}

void PairEvaluation::evaluate_one_by_one(const ImageBatch& images) {
  PairEvaluation alone(original_, compressed_);
  ImageBatch one;
  for (std::size_t i = 0; i < images.size(); ++i) {
    one.clear();
    one.add(images[i]);
    alone.evaluate(one);
    errors_[i] = alone.error(0);
    if (!errors_[i].empty()) continue;
    const int classes = alone.original_scores_.classes();
    if (original_scores_.classes() != classes ||
        original_scores_.rows() != static_cast<int>(images.size())) {
      original_scores_.resize(static_cast<int>(images.size()), classes);
    }
    if (compressed_scores_.classes() != classes ||
        compressed_scores_.rows() != static_cast<int>(images.size())) {
      compressed_scores_.resize(static_cast<int>(images.size()), classes);
    }
    replace(i, alone);
  }
  inference_seconds_ += alone.inference_seconds_;
}

Answer PairEvaluation::answer(std::size_t i) const {
  const int row = static_cast<int>(i);
  return {{original_scores_.row(row), original_scores_.classes()},
          {compressed_scores_.row(row), compressed_scores_.classes()}};
}

void PairEvaluation::replace(std::size_t i, const PairEvaluation& other) {
  copy_row(other.original_scores_, 0, original_scores_, static_cast<int>(i));
  copy_row(other.compressed_scores_, 0, compressed_scores_, static_cast<int>(i));
}

}  // namespace dflare
