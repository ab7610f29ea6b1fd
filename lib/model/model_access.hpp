#pragma once

#include "dflare/model.hpp"

namespace dflare {

/// What dflare's own backends and examinations say and ask of a model, and nobody else needs to.
struct ModelAccess {
  /// The step between two answers of a model of 8-bit answers, such as 1/256; 0: they are floats.
  /// Their probabilities add up to 1 but for half a step a class.
  static float score_step(const Model& model) { return model.score_step_; }
  static void set_score_step(Model& model, float step) { model.score_step_ = step; }

  /// What Model::run() leaves and Model::queue() returns, for a model that stands before another.
  static void run(Model& model, const ImageBatch& images, Scores& answers) {
    model.run(images, answers);
  }
  static Model::Finish queue(Model& model, const ImageBatch& images) { return model.queue(images); }

  /// Output of the input specification before Model::settle().
  static Output told_output(const Model& model) { return model.told_output_; }
  /// Feeds a replica in another way. Throws ConfigError for a specification that makes no sense.
  static void feed(Model& model, const InputSpec& input);
  /// Turns what Model::answers() left into what Model::predict() returns.
  static void to_probabilities(const Model& model, Scores& answers) {
    model.to_probabilities(answers);
  }
};

}  // namespace dflare
