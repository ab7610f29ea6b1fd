#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"

namespace dflare::checking {
namespace {

/// No seed input leads to a deviation.
class NoDeviation final : public ExpectationKind {
 public:
  NoDeviation() : ExpectationKind("no_deviation") {}

  bool has_bound() const override { return false; }

  std::string text(double /*bound*/, const Options& /*options*/) const override {
    return "no deviation";
  }
  std::optional<std::string> broken(const SearchResult& /*result*/, const Summary& s,
                                    double /*bound*/, const Options& /*options*/) const override {
    return s.deviating() > 0 ? std::optional<std::string>("") : std::nullopt;
  }
  CorpusFindings breaking(const CorpusFindings& findings, double /*bound*/, std::size_t /*seeds*/,
                          const Options& /*options*/) const override {
    return deviating(findings, [](const CorpusFinding&) { return true; });
  }
  std::string broken_text(const CorpusFindings& broken, double /*bound*/, std::size_t /*seeds*/,
                          const Options& /*options*/) const override {
    return still_deviate(broken.size()) + ".";
  }
};

}  // namespace

std::unique_ptr<const ExpectationKind> make_no_deviation() {
  return std::make_unique<NoDeviation>();
}

}  // namespace dflare::checking
