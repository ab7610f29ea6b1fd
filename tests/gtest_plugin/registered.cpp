#include <cstdlib>
#include <memory>
#include <utility>

#include "dflare/backend.hpp"
#include "dflare/criterion.hpp"
#include "dflare/error.hpp"
#include "dflare/strategy.hpp"
#include "support/fake_models.hpp"
#include "support/files.hpp"

// What a user of dflare may register, before main(): for tests, and for a dflare-test of one's own.
namespace dflare::test {
namespace {

/// The seed input darker by so many grey levels a query.
class DimmerChain : public Chain {
 public:
  DimmerChain(Image seed, int queries, double step)
      : seed_(std::move(seed)), queries_(queries), step_(step) {}
  void propose(std::vector<Image>& mutants, Gradients&) override {
    if (made_ == queries_) return;
    ++made_;
    seed_.convertTo(mutant_, -1, 1, -step_ * made_);
    mutants.push_back(mutant_);
  }
  void observe(const std::vector<Answer>&) override {}
  std::vector<AppliedOperator> history(std::size_t) const override {
    return {{"dimmed", step_ * made_, "grey levels"}};
  }

 private:
  Image seed_, mutant_;
  int queries_;
  double step_;
  int made_ = 0;
};

class Dimmer : public Strategy {
 public:
  Dimmer(int queries, double step) : queries_(queries), step_(step) {}
  std::unique_ptr<Chain> start(const Seed& seed, const Answer&) const override {
    return std::make_unique<DimmerChain>(seed.image, queries_, step_);
  }

 private:
  int queries_;
  double step_;
};

/// Bright or dark, by the mean's distance from the number that the file holds.
std::shared_ptr<Model> load_threshold(const std::string& path, const LoadOptions&) {
  const std::string text = read_file(path);
  if (text == "null") return nullptr;
  const double threshold = std::atof(text.c_str());
  if (!(threshold > 0)) throw std::runtime_error("'" + text + "' is no number above 0");
  ModelInfo info = file_info(path);
  info.backend = "threshold";
  if (threshold > 255) info.sha256 = "of another file";
  return std::make_shared<FakeModel>(
      [threshold](const Image& image, std::size_t, std::size_t) {
        const auto bright = static_cast<float>(0.5 + (255 * mean_pixel(image) - threshold) / 600);
        return std::vector<float>{1 - bright, bright};
      },
      info);
}

class Wanted : public Criterion {
 public:
  std::string text() const override { return "darker"; }
  bool met(const Answer& answer, const std::optional<int>&) const override {
    return answer.compressed[0] > answer.original[0];
  }
  double progress(const Answer& answer, const std::optional<int>&) const override {
    return answer.compressed[0] - answer.original[0];
  }
};

const bool registered = [] {
  register_strategy("dimmer",
                    {whole_number_option("dimmer_step", 1, 1, 50, "Grey levels a query."),
                     choice_option("dimmer_towards", {"black", "white"}, "Where it leads.")},
                    [](const Options& options) {
                      const double sign = options.text("dimmer_towards") == "black" ? 1 : -1;
                      return std::make_unique<Dimmer>(options.queries(),
                                                      sign * options.number("dimmer_step"));
                    });
  register_strategy("trimmer", {number_option("trimmer_step", 0.5, 0, 1, "A share a query.")},
                    [](const Options&) { return std::unique_ptr<Strategy>(); });
  MutationSet set;
  set.add("mirror", [](const Image& image, Random&) { return image; });
  register_mutation_set("mine", set);
  register_backend({"threshold", {".threshold", ".limit"}, load_threshold});
  register_criterion("darker", [](const std::string&) { return std::make_shared<Wanted>(); });
  return true;
}();

}  // namespace
}  // namespace dflare::test
