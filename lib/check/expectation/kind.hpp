#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dflare/check.hpp"
#include "dflare/corpus.hpp"
#include "dflare/options.hpp"
#include "dflare/search.hpp"
#include "dflare/statistics.hpp"

namespace dflare::checking {

using CorpusFindings = std::vector<const CorpusFinding*>;

/// A figure of a search, as results have it: one number, or the two ends of an interval.
struct NamedFigure {
  std::string property,        ///< in GoogleTest's XML
      key;                     ///< in the JSON results
  std::vector<double> values;  ///< one or two
};

/// A kind of expectation: its name, its bound, what decides, and its words; and, where it has an
/// objective of its own, the figures of all searches with that objective. A kind is a source of its
/// own and a line in kinds.cpp.
class ExpectationKind {
 public:
  explicit ExpectationKind(std::string name) : name_(std::move(name)) {}
  virtual ~ExpectationKind() = default;
  ExpectationKind(const ExpectationKind&) = delete;
  ExpectationKind& operator=(const ExpectationKind&) = delete;

  /// In manifests and results: "deviation_rate_le".
  const std::string& name() const { return name_; }

  /// @name Its bound
  /// @{
  virtual bool has_bound() const { return true; }
  /// 0 is the lowest; no value: any finite number from 0.
  virtual std::optional<double> highest_bound() const { return std::nullopt; }
  /// For messages: "0.03".
  virtual std::string example() const { return ""; }
  /// Throws ConfigError for a bound that makes no sense.
  virtual void check_bound(double /*bound*/) const {}
  /// @}

  /// @name Its search
  /// @{
  /// That it is judged by; no value: by any.
  virtual std::optional<Objective> objective() const { return std::nullopt; }
  /// Throws ConfigError where the options ask for what does not go with it.
  virtual void check_options(double /*bound*/, const Options& /*options*/) const {}
  virtual Options default_options() const { return {}; }
  /// Of the test of all seed inputs together; empty where each block of them can be judged by
  /// itself.
  virtual std::string test_of_all_seeds() const { return ""; }
  /// @}

  /// @name What decides
  /// @{
  /// "no deviation of a regret above 0.2"
  virtual std::string text(double bound, const Options& options) const = 0;
  /// Why the deviations are too many or too bad, empty where the figures say it all; no value: they
  /// are not.
  virtual std::optional<std::string> broken(const SearchResult& result, const Summary& summary,
                                            double bound, const Options& options) const = 0;
  /// Those of a corpus that alone break the expectation for so many seed inputs: that still
  /// deviate, and by more than it allows.
  virtual CorpusFindings breaking(const CorpusFindings& findings, double bound, std::size_t seeds,
                                  const Options& options) const = 0;
  /// "2 findings of the corpus still deviate."
  virtual std::string broken_text(const CorpusFindings& broken, double bound, std::size_t seeds,
                                  const Options& options) const = 0;
  /// @}

  /// @name Figures of searches with its objective
  /// Those of searches for any deviation, unless it says others.
  /// @{
  /// What was asked for: "objective closest by L2".
  virtual std::string request(const Options& /*options*/) const { return ""; }
  /// What a line of figures ends with: "; closest at L2 160, mean 160".
  virtual std::string figures_text(const Summary& /*summary*/, const Options& /*options*/) const {
    return "";
  }
  /// Its cell in the closing table: "4.0 % (2.1 to 6.9)". At least one seed input was judged.
  virtual std::string column(const Summary& summary, const Options& options) const;
  /// For results; of a search with another objective they are null.
  virtual std::vector<NamedFigure> figures(const Summary& /*summary*/) const { return {}; }
  /// Whether these mean anything after such a search.
  virtual bool has_figures(const Summary& /*summary*/) const { return true; }
  /// The larger, the worse the deviation.
  virtual double badness(const SeedResult& seed, const Options& /*options*/) const {
    return seed.regret;
  }
  /// Likewise.
  virtual double badness(const Deviation& deviation, const Options& /*options*/) const {
    return deviation.regret;
  }
  /// What the worst are, in the table of findings: "largest regret".
  virtual std::string worst_first(const Options& /*options*/) const { return "largest regret"; }
  /// Likewise, of a few of them: "of largest regret".
  virtual std::string worst_few(const Options& options) const {
    return "of " + worst_first(options);
  }
  /// The heading of a column of its own in that table; empty: there is none.
  virtual std::string extra_heading(const Options& /*options*/) const { return ""; }
  /// In that column.
  virtual std::string extra_cell(const SeedResult& /*seed*/) const { return ""; }
  /// @}

 private:
  std::string name_;
};

/// All of them: without a bound first, then in the order of messages and results.
const std::vector<std::unique_ptr<const ExpectationKind>>& expectation_kinds();

/// The one whose figures are those of a search with these options.
const ExpectationKind& measured_by(const Options& options);

/// Refuses a bound that makes no sense, and sets the objective that the expectation is judged by.
/// Throws ConfigError where the options ask for what does not go with it.
void settle(const Expectation& expectation, Options& options);

// Each in its source.
std::unique_ptr<const ExpectationKind> make_no_deviation();
std::unique_ptr<const ExpectationKind> make_deviation_rate();
std::unique_ptr<const ExpectationKind> make_worst_deviation();
std::unique_ptr<const ExpectationKind> make_closest_deviation();

}  // namespace dflare::checking
