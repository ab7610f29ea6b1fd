#include "model/unusual_answers.hpp"

namespace dflare {

std::string unusual_answers(const std::string& scores, bool one_by_one) {
  std::string text = scores;
  for (const char* usual : {"logits", "log-probabilities", "probabilities"}) {
    if (scores.rfind(usual, 0) == 0) text.clear();
  }
  if (one_by_one) text += text.empty() ? "images evaluated alone" : ", images evaluated alone";
  return text;
}

}  // namespace dflare
