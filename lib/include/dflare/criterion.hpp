#pragma once

/// @file
/// What counts as a deviation, and how to register a condition of one's own.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dflare/deviation.hpp"

namespace dflare {

/// The figure that says how bad a deviation is: what the objective `worst` makes large, searches
/// rank by, and a corpus keeps the larger of.
enum class Severity {
  regret,   ///< deviation_regret(): of criteria that speak of labels
  margin,   ///< deviation_margin(): of criteria with `margin`, which asks both models to be sure
  progress  ///< Criterion::progress(): of criteria that say nothing of labels
};

/// What counts as a deviation: one condition on the two models' answers to one image. Immutable;
/// used by several threads.
class Criterion {
 public:
  virtual ~Criterion() = default;

  /// As it is written in options and findings: "regret >= 0.2".
  virtual std::string text() const = 0;
  /// `true_label` is the seed input's, where known.
  virtual bool met(const Answer& answer, const std::optional<int>& true_label) const = 0;
  /// What searches raise until the criterion is met: at most about 1, larger where the answer is
  /// nearer to meeting it or meets it more clearly.
  virtual double progress(const Answer& answer, const std::optional<int>& true_label) const = 0;
  /// Whether a finding that met it is a deviation no more. Not the same as not met where labels
  /// tie: a tie with another class takes no deviation back, or a compressed model that ties
  /// everything would.
  virtual bool fixed(const Answer& answer, const std::optional<int>& true_label) const {
    return !met(answer, true_label);
  }
  /// How bad an answer is that meets it. `progress` unless deviation_regret() is above 0 wherever
  /// it is met.
  virtual Severity severity() const { return Severity::progress; }
  /// The labels that original and compressed must say, where only certain ones will do.
  virtual std::optional<std::pair<int, int>> wanted_labels() const { return std::nullopt; }
  /// Whether it is defined only where the seed input's true label is known.
  virtual bool needs_true_label() const { return false; }
  /// Throws ConfigError where it makes no sense for models of so many classes.
  virtual void check_classes(int /*classes*/) const {}
};

/// Conditions that must all hold.
///
/// @verbatim
///   label                      the models' sets of labels have no class in common
///   regret >= 0.2              deviation_regret() is at least that, in (0, 1]: the compressed
///                              model need not be sure of what it says
///   margin >= 0.2              as label, and deviation_margin() is at least that, in (0, 1]: both
///                              models are so sure
///   top_k = 3                  none of the original's labels is among the compressed model's 3
///                              best classes: at least 3 score strictly higher
///   total_variation >= 0.3     half the sum of |p_o - p_c|, in (0, 1], whatever the labels
///   jensen_shannon >= 0.1      Jensen-Shannon divergence in bits (Lin, IEEE Trans. Inf. Theory 37,
///                              1991), in (0, 1], whatever the labels
///   targeted = 3 5             as label, and the original says 3, the compressed model 5
///   harmful                    as label, and the original agrees with the true label
/// @endverbatim
///
/// Under label, top_k, targeted and harmful a class that the compressed model ties with one of the
/// original's labels counts as said, or as better, where the original prefers its own label over it
/// by more than 0.2: a tie of 8-bit scores on a boundary is no deviation, and one of a compressed
/// model that ties all classes is.
class Criteria {
 public:
  /// label.
  Criteria();
  /// From text: conditions as above, joined with "and". Throws ConfigError naming what makes no
  /// sense and what was expected.
  static Criteria parse(const std::string& text);

  /// Adds a condition, in the place of one of the same name or of `label` alone. Throws ConfigError
  /// for null.
  Criteria& set(std::shared_ptr<const Criterion> criterion);

  std::string text() const;  ///< the conditions' texts joined with " and "; parse() takes it
  /// Whether all conditions are.
  bool met(const Answer& answer, const std::optional<int>& true_label = {}) const;
  /// Whether a finding that met all of them does not deviate any more: one of them is fixed.
  bool fixed(const Answer& answer, const std::optional<int>& true_label = {}) const;
  /// The least of the conditions'.
  double progress(const Answer& answer, const std::optional<int>& true_label = {}) const;
  /// True for `label` alone: any strict difference of the labels will do.
  bool only_label() const;
  /// `margin` where it is one of the conditions', else `regret` where that is.
  Severity severity() const;
  /// Whether deviation_regret() is above 0 wherever it is met.
  bool implies_deviation() const { return severity() != Severity::progress; }
  /// Of the condition that wants certain ones.
  std::optional<std::pair<int, int>> wanted_labels() const;
  /// True where one of the conditions does.
  bool needs_true_label() const;
  /// Throws ConfigError where a condition makes no sense for models of so many classes.
  void check_classes(int classes) const;

 private:
  std::vector<std::shared_ptr<const Criterion>> conditions_;
};

/// Makes a condition of what follows its name in the text (">= 0.2", "= 3", ""); throws ConfigError
/// where that makes no sense.
using CriterionFactory = std::function<std::shared_ptr<const Criterion>(const std::string& rest)>;
/// Makes a condition known by the name that begins its text. Throws ConfigError if the name is
/// taken. Not to be called while a search runs.
void register_criterion(const std::string& name, CriterionFactory make);
/// Of dflare's own conditions and the registered ones, in alphabetical order.
std::vector<std::string> criterion_names();

/// Half the sum of the absolute differences of the two models' probabilities, 0 to 1.
double total_variation(const Answer& answer);
/// Jensen-Shannon divergence of the two models' probabilities in bits, 0 to 1.
double jensen_shannon(const Answer& answer);

}  // namespace dflare
