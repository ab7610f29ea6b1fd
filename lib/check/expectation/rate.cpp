#include <fmt/format.h>

#include <set>

#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"

namespace dflare::checking {
namespace {

std::size_t seeds_of(const CorpusFindings& findings) {
  std::set<std::string> ids;
  for (const CorpusFinding* finding : findings) ids.insert(finding->recorded.seed_id);
  return ids.size();
}

/// At most a share of the seed inputs leads to a deviation.
class DeviationRate final : public ExpectationKind {
 public:
  DeviationRate() : ExpectationKind("deviation_rate_le") {}

  std::optional<double> highest_bound() const override { return 1; }
  std::string example() const override { return "0.03"; }
  void check_bound(double bound) const override {
    check_share("deviation rate", bound, "a share of the seed inputs");
  }
  std::string test_of_all_seeds() const override { return "deviation_rate"; }

  std::string text(double bound, const Options& /*options*/) const override {
    return fmt::format("a deviation rate of at most {:.4g}", bound);
  }
  std::optional<std::string> broken(const SearchResult& /*result*/, const Summary& s, double bound,
                                    const Options& /*options*/) const override {
    if (s.judged == 0 || s.rate <= bound) return std::nullopt;
    return fmt::format("The deviation rate {} is above {:.4g}, the highest allowed.",
                       apart_from(bound, s.rate), bound);
  }
  /// All that still deviate, where the seed inputs that they are of are too many by themselves.
  CorpusFindings breaking(const CorpusFindings& findings, double bound, std::size_t seeds,
                          const Options& /*options*/) const override {
    CorpusFindings still = deviating(findings, [](const CorpusFinding&) { return true; });
    const double allowed = bound * static_cast<double>(seeds);
    return static_cast<double>(seeds_of(still)) > allowed ? still : CorpusFindings();
  }
  std::string broken_text(const CorpusFindings& broken, double bound, std::size_t seeds,
                          const Options& /*options*/) const override {
    return fmt::format(
        "The findings that still deviate are of at least {} of {}, above the rate {:.4g}, the "
        "highest allowed.",
        seeds_of(broken), seed_inputs(seeds), bound);
  }
};

}  // namespace

std::unique_ptr<const ExpectationKind> make_deviation_rate() {
  return std::make_unique<DeviationRate>();
}

}  // namespace dflare::checking
