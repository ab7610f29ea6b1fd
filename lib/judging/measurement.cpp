#include "dflare/measurement.hpp"

namespace dflare {

Measurement measurement_of(const Answer& answer) {
  Measurement m;
  m.original_label = top_label(answer.original);
  m.compressed_label = regretted_label(answer);
  m.original_score = answer.original[m.original_label];
  m.compressed_score = answer.compressed[m.compressed_label];
  m.regret = deviation_regret(answer);
  m.margin = deviation_margin(answer);
  return m;
}

Answer OwnedAnswer::answer() const {
  return {{original_scores.data(), static_cast<int>(original_scores.size())},
          {compressed_scores.data(), static_cast<int>(compressed_scores.size())}};
}

OwnedAnswer owned(const Answer& answer) {
  return {answer.original.copy(), answer.compressed.copy()};
}

}  // namespace dflare
