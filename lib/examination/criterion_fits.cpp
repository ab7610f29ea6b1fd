#include "examination/criterion_fits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "dflare/error.hpp"
#include "examination/chance.hpp"
#include "examination/sample.hpp"

namespace dflare {
namespace {

/// The answer of a compressed model that is sure of one class.
class Sure {
 public:
  Sure(ScoreRow original, int said)
      : original_(original), scores_(static_cast<std::size_t>(original.classes), 0.0F) {
    scores_[static_cast<std::size_t>(said)] = 1;
  }
  Answer answer() const { return {original_, {scores_.data(), original_.classes}}; }

 private:
  ScoreRow original_;
  std::vector<float> scores_;
};

int second_choice(ScoreRow row) {
  const int first = top_label(row);
  int second = first == 0 ? 1 : 0;
  for (int c = 0; c < row.classes; ++c) {
    if (c != first && row[c] > row[second]) second = c;
  }
  return second;
}

int last_choice(ScoreRow row) {
  return static_cast<int>(std::min_element(row.data, row.data + row.classes) - row.data);
}

/// Those on which the criterion could be met as far as the original and the true class go: on which
/// the original says the class of a targeted one, and is right for a harmful one.
std::vector<Judged> in_question(const Criteria& criterion, const std::vector<Judged>& images) {
  std::vector<Judged> some;
  for (const Judged& image : images) {
    const int label = top_label(image.answer.original);
    if (criterion.wanted_labels() && label != criterion.wanted_labels()->first) continue;
    if (criterion.needs_true_label() && image.truth != label) continue;
    some.push_back(image);
  }
  return some;
}

bool met_by(const Criteria& criterion, const Judged& image, int said) {
  return criterion.met(Sure(image.answer.original, said).answer(), image.truth);
}

/// Whether a change to the nearest class would go unnoticed, where the criterion speaks of labels.
bool overlooks_the_nearest(const Criteria& criterion, const Judged& image) {
  const ScoreRow row = image.answer.original;
  if (criterion.wanted_labels())
    return !met_by(criterion, image, criterion.wanted_labels()->second);
  // Others, such as top_k, may rightly ask for more than another label.
  const bool of_labels =
      criterion.implies_deviation() || met_by(criterion, image, last_choice(row));
  return of_labels && !met_by(criterion, image, second_choice(row));
}

std::string second_choices(const Criteria& criterion, const std::vector<Judged>& seeds,
                           bool sigmoids) {
  const auto overlooked = std::count_if(seeds.begin(), seeds.end(), [&](const Judged& seed) {
    return overlooks_the_nearest(criterion, seed);
  });
  // Probabilities of weak networks are that near one another on half of the images, and it is no
  // fault; of sigmoids several are near 1 at once only where they were not trained as such.
  const double most = sigmoids ? 1.0 / 3 : 0.75;
  if (static_cast<double>(overlooked) < most * static_cast<double>(seeds.size())) return "";
  return fmt::format(
      "the criterion '{}' overlooks too much: on {} of {} seed inputs the original prefers its "
      "label so little that a compressed model could say its second choice there and pass{}, or "
      "ask for less",
      criterion.text(), overlooked, seeds.size(),
      sigmoids ? "; its sigmoids are nearly the same for several classes at once: export the "
                 "scores before them (logits)"
               : "; give the scores that it was trained with (not divided, not softened)");
}

std::string other_labels(const Criteria& criterion, const std::vector<Judged>& seeds) {
  std::size_t other = 0, met = 0;
  for (const Judged& seed : seeds) {
    if (deviation_regret(seed.answer) == 0) continue;
    ++other;
    met += criterion.met(seed.answer, seed.truth);
  }
  if (2 * met >= other || criterion.wanted_labels()) return "";
  if (!no_more_than_chance(seeds.size() - other, seeds.size(),
                           seeds.front().answer.original.classes))
    return "";
  return fmt::format(
      "the criterion '{}' overlooks too much: of {} seed inputs the models agree on {}, which is "
      "what chance gives, and it is met on {} of the {} others; {}",
      criterion.text(), seeds.size(), seeds.size() - other, met, other,
      criterion.severity() == Severity::regret
          ? "ask for less"
          : "judge by regret (preset: everyday), which asks nothing of the compressed model's "
            "scores");
}

}  // namespace

void require_breakable(const Criteria& criterion, const std::vector<Judged>& images) {
  const std::vector<Judged> some = in_question(criterion, images);
  double largest = 0;
  for (const Judged& image : some) {
    const ScoreRow row = image.answer.original;
    for (int said = 0; said < row.classes; ++said) {
      const Sure sure(row, said);
      if (criterion.met(sure.answer(), image.truth)) return;
      largest = std::max(largest, deviation_regret(sure.answer()));
    }
  }
  if (some.empty()) return;
  throw ConfigError(fmt::format(
      "the criterion '{}' can never be met: on none of {} images does the original prefer its "
      "label by more than {:.3g} over any other class, so that every compressed model would pass; "
      "give the scores that it was trained with (not divided, not softened), or ask for less",
      criterion.text(), some.size(), largest));
}

std::string what_is_overlooked(const Criteria& criterion, const std::vector<Judged>& seeds,
                               bool sigmoids) {
  const std::vector<Judged> some = in_question(criterion, seeds);
  if (some.size() < enough_seeds) return "";
  std::string text = second_choices(criterion, some, sigmoids);
  return text.empty() ? other_labels(criterion, some) : text;
}

}  // namespace dflare
