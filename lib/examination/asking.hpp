#pragma once

#include <cstddef>
#include <vector>

#include "dflare/model.hpp"

namespace dflare {

/// A model's own answers to some images, asked for in batches of one shape.
struct Asked {
  Scores scores;            ///< a row an image
  std::vector<bool> known;  ///< whether the model answered finite numbers to it

  std::size_t count_known() const;
};

/// Asks for them, one by one where a batch fails. Throws what the model threw where it fails for
/// each of the first images, and ModelError where it answers no finite number to any.
Asked ask(Model& model, const std::vector<Image>& images);

/// top_label() of the first `count` rows; -1 of one that is not known.
std::vector<int> labels_of(const Asked& asked, std::size_t count);

/// All finite answers lie between them.
struct Range {
  float low, high;
};
Range range_of(const Asked& asked);

/// By how much the answers of a class differ at the most from image to image: a class that always
/// has the same score, such as a masked one's of -1e9, makes it no wider.
float width_of(const Asked& asked);

/// Whether row i of one and row j of the other are the same but for last bits of width_of() all
/// answers. Rows that are not known are like any other.
bool alike(const Asked& a, std::size_t i, const Asked& b, std::size_t j, float width);

}  // namespace dflare
