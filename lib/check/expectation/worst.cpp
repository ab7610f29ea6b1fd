#include <fmt/format.h>

#include <algorithm>

#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"
#include "dflare/error.hpp"

namespace dflare::checking {
namespace {

/// Whether severity is the margin, for the criterion speaks of it, and not the regret.
bool by_margin(const Options& options) {
  return options.criterion().severity() == Severity::margin;
}

const char* figure_name(const Options& options) {
  return by_margin(options) ? "margin" : "regret";
}

/// Of a seed input, a deviation or a finding.
template <class T>
double figure_of(const T& deviation, const Options& options) {
  return by_margin(options) ? deviation.margin : deviation.regret;
}

double largest(const Summary& s, const Options& options) {
  return by_margin(options) ? s.largest_margin : s.largest_regret;
}

double mean_worst(const Summary& s, const Options& options) {
  return by_margin(options) ? s.mean_worst_margin : s.mean_worst_regret;
}

const Interval& interval_of(const Summary& s, const Options& options) {
  return by_margin(options) ? s.worst_margin_interval : s.worst_regret_interval;
}

/// No deviation of a larger regret, or margin.
class WorstDeviation final : public ExpectationKind {
 public:
  WorstDeviation() : ExpectationKind("worst_deviation_le") {}

  std::optional<double> highest_bound() const override { return 1; }
  std::string example() const override { return "0.2"; }
  void check_bound(double bound) const override {
    check_share("largest regret", bound, "a regret");
  }

  std::optional<Objective> objective() const override { return Objective::worst; }
  void check_options(double bound, const Options& options) const override {
    if (options.criterion().implies_deviation()) return;
    throw ConfigError(
        fmt::format("option criterion: '{}' says nothing of labels, so that the search looks for "
                    "no large regret, and {} is expected; add 'label' to the criterion",
                    options.criterion().text(), text(bound, options)));
  }
  /// The whole budget is used for every seed input.
  Options default_options() const override { return Options().queries(200); }

  std::string text(double bound, const Options& options) const override {
    return fmt::format("no deviation of a {} above {:.4g}", figure_name(options), bound);
  }
  std::optional<std::string> broken(const SearchResult& result, const Summary& s, double bound,
                                    const Options& options) const override {
    const auto beyond = static_cast<std::size_t>(
        std::count_if(result.seeds.begin(), result.seeds.end(), [&](const SeedResult& seed) {
          return deviates(seed.outcome) && figure_of(seed, options) > bound;
        }));
    if (beyond == 0) return std::nullopt;
    return fmt::format("{} of a {} above {:.4g}, the largest allowed: the worst has {}.",
                       lead_to_a_deviation(beyond), figure_name(options), bound,
                       apart_from(bound, largest(s, options)));
  }
  CorpusFindings breaking(const CorpusFindings& findings, double bound, std::size_t /*seeds*/,
                          const Options& options) const override {
    return deviating(findings, [&](const CorpusFinding& finding) {
      return figure_of(finding, options) > bound;
    });
  }
  std::string broken_text(const CorpusFindings& broken, double bound, std::size_t /*seeds*/,
                          const Options& options) const override {
    return fmt::format("{} by a {} above {:.4g}, the largest allowed.",
                       still_deviate(broken.size()), figure_name(options), bound);
  }

  std::string request(const Options& /*options*/) const override { return "objective worst"; }
  std::string figures_text(const Summary& s, const Options& options) const override {
    const Interval& interval = interval_of(s, options);
    return fmt::format(
        "; largest {0} found {1:.3g}, mean worst {0} {2:.3g} (95 % interval {3:.3g} to {4:.3g})",
        figure_name(options), largest(s, options), mean_worst(s, options), interval.low,
        interval.high);
  }
  std::string column(const Summary& s, const Options& options) const override {
    const Interval& interval = interval_of(s, options);
    return fmt::format("{} {:.3f} ({:.3f} to {:.3f})", figure_name(options), mean_worst(s, options),
                       interval.low, interval.high);
  }
  std::vector<NamedFigure> figures(const Summary& s) const override {
    return {{"mean_worst_regret", "mean_worst_regret", {s.mean_worst_regret}},
            {"mean_worst_regret_interval",
             "worst_regret_interval",
             {s.worst_regret_interval.low, s.worst_regret_interval.high}},
            {"largest_regret", "largest_regret", {s.largest_regret}},
            {"mean_worst_margin", "mean_worst_margin", {s.mean_worst_margin}},
            {"mean_worst_margin_interval",
             "worst_margin_interval",
             {s.worst_margin_interval.low, s.worst_margin_interval.high}},
            {"largest_margin", "largest_margin", {s.largest_margin}}};
  }
  double badness(const SeedResult& seed, const Options& options) const override {
    return figure_of(seed, options);
  }
  double badness(const Deviation& deviation, const Options& options) const override {
    return figure_of(deviation, options);
  }
  std::string worst_first(const Options& options) const override {
    return fmt::format("largest {}", figure_name(options));
  }
};

}  // namespace

std::unique_ptr<const ExpectationKind> make_worst_deviation() {
  return std::make_unique<WorstDeviation>();
}

}  // namespace dflare::checking
