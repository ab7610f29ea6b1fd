#pragma once

#include <string>

#include "examination/asking.hpp"

namespace dflare {

/// What a model's answers are.
struct AnswerKind {
  Output output = Output::logits;  ///< how they are served
  std::string text;                ///< in words, for messages: "log-probabilities"
};

/// Told by all answers of an examination together, and decided for all batches to come. Throws
/// ModelError where the answers are no scores, or not what the input specification says.
AnswerKind answer_kind(const Model& model, const Asked& asked);

}  // namespace dflare
