#include "check/text/label_facts.hpp"

#include <fmt/format.h>

#include "check/expectation/words.hpp"

namespace dflare::checking {
namespace {

std::optional<double> share(std::size_t part, std::size_t all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(all);
}

std::string agreement_text(const Summary& s) {
  const bool all = s.evaluated == s.seeds;
  std::string text =
      fmt::format("the models agree on {} of {} as {} ({})", s.agreed,
                  all ? seed_inputs(s.evaluated)
                      : fmt::format("the {} that {} evaluated", seed_inputs(s.evaluated),
                                    s.evaluated == 1 ? "was" : "were"),
                  s.evaluated == 1 ? "it is" : "they are", percent(*agreement(s)));
  if (s.labelled == 0) return text;
  text += fmt::format("; accuracy: original {}, compressed {}", percent(*original_accuracy(s)),
                      percent(*compressed_accuracy(s)));
  if (s.labelled < s.evaluated) text += fmt::format(" (of {} with labels)", s.labelled);
  return text;
}

std::string deviations_text(const Summary& s) {
  const std::size_t one_at_most =
      s.deviations_original_right + s.deviations_compressed_right + s.deviations_neither_right;
  std::string text = fmt::format(
      "of the {} deviation{} of known class, the original is right in {}, the compressed model in "
      "{}, neither in {}",
      s.deviations_labelled, s.deviations_labelled == 1 ? "" : "s", s.deviations_original_right,
      s.deviations_compressed_right, s.deviations_neither_right);
  // Where the criterion says nothing of labels.
  if (one_at_most < s.deviations_labelled)
    text += fmt::format(", both in {}", s.deviations_labelled - one_at_most);
  return text;
}

}  // namespace

std::optional<double> agreement(const Summary& s) {
  return share(s.agreed, s.evaluated);
}

std::optional<double> original_accuracy(const Summary& s) {
  return share(s.original_right, s.labelled);
}

std::optional<double> compressed_accuracy(const Summary& s) {
  return share(s.compressed_right, s.labelled);
}

std::vector<std::string> label_facts(const Summary& s) {
  std::vector<std::string> facts;
  if (s.evaluated > 0) facts.push_back(agreement_text(s));
  if (s.deviations_labelled > 0) facts.push_back(deviations_text(s));
  return facts;
}

}  // namespace dflare::checking
