#pragma once

#include <string>

namespace dflare {

/// What an examination found of a model's answers that is not ordinary, for messages: "a sigmoid
/// for each class, images evaluated alone". Empty for logits and probabilities, or where nothing
/// was examined. See ModelInfo::scores, ModelInfo::one_by_one.
std::string unusual_answers(const std::string& scores, bool one_by_one);

}  // namespace dflare
