#include "judging/conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/container/small_vector.hpp>
#include <limits>
#include <locale>

#include "dflare/error.hpp"
#include "support/numbers.hpp"

namespace dflare {
namespace {

using Made = std::shared_ptr<const Criterion>;

bool is_class(ScoreRow scores, int label) {
  return label >= 0 && label < scores.classes;
}

/// By how much the label's score is above the best other one; the least possible for no class.
double lead(ScoreRow scores, int label) {
  if (!is_class(scores, label)) return -1;
  float best_other = 0;
  for (int c = 0; c < scores.classes; ++c) {
    if (c != label) best_other = std::max(best_other, scores[c]);
  }
  return scores[label] - best_other;
}

bool says(ScoreRow scores, int label) {
  return is_class(scores, label) && scores[label] == scores[top_label(scores)];
}

/// By how much the original must prefer its own label over a class that the compressed model ties
/// with it, more than this, for the tie to count as a deviation.
constexpr double kClearTie = 0.2;
/// For the same after a deviation: no tie takes it back.
constexpr double kAnyTie = 0;

/// Whether the compressed model says what the original does not, ties counted from `tie` on.
bool says_otherwise(const Answer& answer, double tie) {
  return deviates(answer) || deviation_regret(answer) > tie;
}

class Label : public Criterion {
 public:
  std::string text() const override { return "label"; }
  bool met(const Answer& answer, const std::optional<int>&) const override {
    return says_otherwise(answer, kClearTie);
  }
  bool fixed(const Answer& answer, const std::optional<int>&) const override {
    return !says_otherwise(answer, kAnyTie);
  }
  double progress(const Answer& answer, const std::optional<int>&) const override {
    if (deviates(answer)) return deviation_margin(answer);
    return std::max(0.0, deviation_regret(answer) - kClearTie);
  }
  Severity severity() const override { return Severity::regret; }
};

/// A measure of the answer that must reach a threshold above 0. A margin or regret above 0 is that
/// of a deviation, so these need no look at the labels either.
class AtLeast : public Criterion {
 public:
  using Measure = double (*)(const Answer&);
  AtLeast(std::string name, Measure measure, double threshold)
      : name_(std::move(name)), measure_(measure), threshold_(threshold) {}

  std::string text() const override { return fmt::format("{} >= {}", name_, threshold_); }
  bool met(const Answer& answer, const std::optional<int>&) const override {
    return measure_(answer) >= threshold_;
  }
  double progress(const Answer& answer, const std::optional<int>&) const override {
    return measure_(answer) - threshold_;
  }
  Severity severity() const override {
    if (measure_ == deviation_margin) return Severity::margin;
    return measure_ == deviation_regret ? Severity::regret : Severity::progress;
  }

 private:
  std::string name_;
  Measure measure_;
  double threshold_;
};

class TopK : public Criterion {
 public:
  explicit TopK(int k) : k_(k) {}

  std::string text() const override { return fmt::format("top_k = {}", k_); }
  bool met(const Answer& answer, const std::optional<int>&) const override {
    return kth_lead(answer, kClearTie) > 0;
  }
  bool fixed(const Answer& answer, const std::optional<int>&) const override {
    return !(kth_lead(answer, kAnyTie) > 0);
  }
  double progress(const Answer& answer, const std::optional<int>&) const override {
    return kth_lead(answer, kClearTie);
  }
  void check_classes(int classes) const override {
    if (k_ >= classes) {
      throw ConfigError(
          fmt::format("option criterion: '{}' can never be met by models of {} classes; expected "
                      "a number below the number of classes: give at most {}",
                      text(), classes, classes - 1));
    }
  }
  Severity severity() const override { return Severity::regret; }

 private:
  /// The k-th highest of the classes' leads over the original's labels in the compressed model. A
  /// tied class leads by a hair where the original prefers its own label by more than `tie`.
  double kth_lead(const Answer& answer, double tie) const {
    const double own = best_of_originals_labels(answer);
    const double top = answer.original[top_label(answer.original)];
    boost::container::small_vector<double, 16> leads;
    for (int c = 0; c < answer.compressed.classes; ++c) {
      const double lead = answer.compressed[c] - own;
      const bool counts = lead == 0 && top - answer.original[c] > tie;
      leads.push_back(counts ? std::numeric_limits<float>::min() : lead);
    }
    const auto kth = leads.begin() + std::min(k_, answer.compressed.classes) - 1;
    std::nth_element(leads.begin(), kth, leads.end(), std::greater<>());
    return *kth;
  }
  static float best_of_originals_labels(const Answer& answer) {
    const float top = answer.original[top_label(answer.original)];
    float best = 0;
    for (int c = 0; c < answer.original.classes; ++c) {
      if (answer.original[c] == top) best = std::max(best, answer.compressed[c]);
    }
    return best;
  }

  int k_;
};

class Targeted : public Criterion {
 public:
  Targeted(int original, int compressed) : original_(original), compressed_(compressed) {}

  std::string text() const override {
    return fmt::format("targeted = {} {}", original_, compressed_);
  }
  bool met(const Answer& answer, const std::optional<int>&) const override {
    return says_both(answer) && (deviates(answer) || preferred(answer) > kClearTie);
  }
  bool fixed(const Answer& answer, const std::optional<int>&) const override {
    return !(says_both(answer) && (deviates(answer) || preferred(answer) > kAnyTie));
  }
  double progress(const Answer& answer, const std::optional<int>&) const override {
    const bool clear_tie = says_both(answer) && !deviates(answer) && preferred(answer) > kClearTie;
    return std::min(lead(answer.original, original_), clear_tie
                                                          ? preferred(answer) - kClearTie
                                                          : lead(answer.compressed, compressed_));
  }
  void check_classes(int classes) const override {
    if (std::max(original_, compressed_) >= classes) {
      throw ConfigError(
          fmt::format("option criterion: '{}' names a class that models of {} classes do not have; "
                      "expected two of the classes 0 to {}: give those",
                      text(), classes, classes - 1));
    }
  }
  Severity severity() const override { return Severity::regret; }
  std::optional<std::pair<int, int>> wanted_labels() const override {
    return std::make_pair(original_, compressed_);
  }

 private:
  bool says_both(const Answer& answer) const {
    return says(answer.original, original_) && says(answer.compressed, compressed_);
  }
  /// By how much the original prefers its class over the compressed model's.
  double preferred(const Answer& answer) const {
    return static_cast<double>(answer.original[original_]) - answer.original[compressed_];
  }

  int original_, compressed_;
};

class Harmful : public Criterion {
 public:
  std::string text() const override { return "harmful"; }
  bool needs_true_label() const override { return true; }
  bool met(const Answer& answer, const std::optional<int>& true_label) const override {
    return true_label && says(answer.original, *true_label) && says_otherwise(answer, kClearTie);
  }
  bool fixed(const Answer& answer, const std::optional<int>& true_label) const override {
    return !(true_label && says(answer.original, *true_label) && says_otherwise(answer, kAnyTie));
  }
  double progress(const Answer& answer, const std::optional<int>& true_label) const override {
    if (!true_label || !is_class(answer.original, *true_label)) return -1;
    const double behind = -lead(answer.compressed, *true_label);
    const double tie = deviates(answer) ? 0 : deviation_regret(answer) - kClearTie;
    return std::min(lead(answer.original, *true_label), tie > 0 ? tie : behind);
  }
  Severity severity() const override { return Severity::regret; }
};

[[noreturn]] void bad_condition(const std::string& name, const std::string& rest,
                                const std::string& expected) {
  throw ConfigError(fmt::format("option criterion: '{}{}{}' makes no sense; expected {}", name,
                                rest.empty() ? "" : " ", rest, expected));
}

/// What follows the operator in ">= 0.2"; nothing if the text begins otherwise.
std::optional<std::string> operand(const std::string& rest, const std::string& op) {
  if (!boost::algorithm::starts_with(rest, op)) return std::nullopt;
  return boost::algorithm::trim_copy(rest.substr(op.size()), std::locale::classic());
}

template <class T>
std::optional<T> number(const std::optional<std::string>& text) {
  return text ? number_in<T>(*text) : std::nullopt;
}

template <class Condition>
CriterionFactory without_value(const std::string& name) {
  return [name](const std::string& rest) -> Made {
    if (!rest.empty())
      bad_condition(name, rest, name + " alone (conditions are joined with 'and')");
    return std::make_shared<Condition>();
  };
}

CriterionFactory at_least(const std::string& name, AtLeast::Measure measure) {
  return [name, measure](const std::string& rest) -> Made {
    const auto threshold = number<double>(operand(rest, ">="));
    if (!threshold || !(*threshold > 0 && *threshold <= 1))
      bad_condition(name, rest, name + " >= a number, in (0, 1]");
    return std::make_shared<AtLeast>(name, measure, *threshold);
  };
}

Made make_top_k(const std::string& rest) {
  const auto k = number<int>(operand(rest, "="));
  if (!k || *k < 1) bad_condition("top_k", rest, "top_k = a whole number, at least 1");
  return std::make_shared<TopK>(*k);
}

Made make_targeted(const std::string& rest) {
  std::vector<std::string> words;
  const auto labels = operand(rest, "=");
  if (labels) {
    boost::algorithm::split(words, *labels, boost::algorithm::is_space(std::locale::classic()),
                            boost::algorithm::token_compress_on);
  }
  if (words.size() == 2) {
    const auto original = number<int>(words[0]), compressed = number<int>(words[1]);
    if (original && compressed && *original >= 0 && *compressed >= 0 && *original != *compressed)
      return std::make_shared<Targeted>(*original, *compressed);
  }
  bad_condition("targeted", rest,
                "targeted = two different classes, the original's first, as in targeted = 3 5");
}

}  // namespace

const std::vector<ConditionRow>& built_in_conditions() {
  static const std::vector<ConditionRow> rows = {
      {"label", "label", without_value<Label>("label")},
      {"regret", "regret >= 0.2", at_least("regret", deviation_regret)},
      {"margin", "margin >= 0.2", at_least("margin", deviation_margin)},
      {"top_k", "top_k = 3", make_top_k},
      {"total_variation", "total_variation >= 0.3", at_least("total_variation", total_variation)},
      {"jensen_shannon", "jensen_shannon >= 0.1", at_least("jensen_shannon", jensen_shannon)},
      {"targeted", "targeted = 3 5", make_targeted},
      {"harmful", "harmful", without_value<Harmful>("harmful")},
  };
  return rows;
}

std::string condition_examples() {
  std::string text;
  for (const ConditionRow& row : built_in_conditions())
    text += (text.empty() ? "" : ", ") + std::string(row.example);
  return text;
}

}  // namespace dflare
