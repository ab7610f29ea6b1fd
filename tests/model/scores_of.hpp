#pragma once

#include <vector>

#include "dflare/model.hpp"
#include "support/images.hpp"

namespace dflare::test {

/// All scores of a batch, row by row, for comparisons bit by bit.
inline std::vector<float> scores_of(Model& model, const ImageBatch& images) {
  const Scores scores = model.predict(images);
  return {scores.row(0), scores.row(0) + scores.rows() * scores.classes()};
}

inline ImageBatch pictures(int count, int height, int width, int channels) {
  ImageBatch batch;
  for (int i = 0; i < count; ++i) {
    batch.add(picture(height, width, channels, i));
  }
  return batch;
}

}  // namespace dflare::test
