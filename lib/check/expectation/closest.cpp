#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"
#include "dflare/error.hpp"
#include "judging/goal.hpp"

namespace dflare::checking {
namespace {

/// No deviation nearer to its seed input.
class ClosestDeviation final : public ExpectationKind {
 public:
  ClosestDeviation() : ExpectationKind("closest_deviation_ge") {}

  std::string example() const override { return "100"; }
  void check_bound(double bound) const override {
    if (bound >= 0 && std::isfinite(bound)) return;
    throw ConfigError(
        fmt::format("the smallest distance allowed is {}; expected a number of 0 or more, in the "
                    "unit of the option closest_by",
                    bound));
  }

  std::optional<Objective> objective() const override { return Objective::closest; }
  /// The whole budget is used for every seed input.
  Options default_options() const override { return Options().queries(200); }

  std::string text(double bound, const Options& options) const override {
    return fmt::format("no deviation nearer to its seed input than {} {:.4g}",
                       distance_name(options.closest_by()), bound);
  }
  std::optional<std::string> broken(const SearchResult& result, const Summary& s, double bound,
                                    const Options& options) const override {
    const auto beyond = static_cast<std::size_t>(std::count_if(
        result.seeds.begin(), result.seeds.end(),
        [&](const SeedResult& seed) { return deviates(seed.outcome) && seed.closeness < bound; }));
    if (beyond == 0) return std::nullopt;
    const char* unit = distance_name(options.closest_by());
    return fmt::format("{} nearer than {} {:.4g}, the nearest allowed: the closest is at {} {}.",
                       lead_to_a_deviation(beyond), unit, bound, unit,
                       apart_from(bound, s.smallest_closeness));
  }
  CorpusFindings breaking(const CorpusFindings& findings, double bound, std::size_t /*seeds*/,
                          const Options& /*options*/) const override {
    return deviating(findings,
                     [&](const CorpusFinding& finding) { return finding.closeness < bound; });
  }
  std::string broken_text(const CorpusFindings& broken, double bound, std::size_t /*seeds*/,
                          const Options& /*options*/) const override {
    return fmt::format("{} nearer to the seed input than {:.4g}, the nearest allowed.",
                       still_deviate(broken.size()), bound);
  }

  std::string request(const Options& options) const override {
    return fmt::format("objective closest by {}", distance_name(options.closest_by()));
  }
  std::string figures_text(const Summary& s, const Options& options) const override {
    if (!has_figures(s)) return "";
    return fmt::format("; closest at {} {:.4g}, mean {:.4g}", distance_name(options.closest_by()),
                       s.smallest_closeness, s.mean_closeness);
  }
  std::string column(const Summary& s, const Options& options) const override {
    if (!has_figures(s)) return ExpectationKind::column(s, options);
    return fmt::format("nearest {} {:.4g}", distance_name(options.closest_by()),
                       s.smallest_closeness);
  }
  std::vector<NamedFigure> figures(const Summary& s) const override {
    return {{"smallest_closeness", "smallest_closeness", {s.smallest_closeness}},
            {"mean_closeness", "mean_closeness", {s.mean_closeness}}};
  }
  bool has_figures(const Summary& s) const override { return s.deviating() > 0; }
  double badness(const SeedResult& seed, const Options& /*options*/) const override {
    return -seed.closeness;
  }
  double badness(const Deviation& deviation, const Options& options) const override {
    return -distance_by(options.closest_by(), deviation.seed, deviation.mutant,
                        deviation.transformation, options.ranges());
  }
  std::string worst_first(const Options& /*options*/) const override { return "nearest"; }
  std::string worst_few(const Options& /*options*/) const override {
    return "nearest to their seed inputs";
  }
  /// L-inf is a column anyway.
  std::string extra_heading(const Options& options) const override {
    return options.closest_by() == Distance::l_inf ? "" : distance_name(options.closest_by());
  }
  std::string extra_cell(const SeedResult& seed) const override {
    return fmt::format("{:.4g}", seed.closeness);
  }
};

}  // namespace

std::unique_ptr<const ExpectationKind> make_closest_deviation() {
  return std::make_unique<ClosestDeviation>();
}

}  // namespace dflare::checking
