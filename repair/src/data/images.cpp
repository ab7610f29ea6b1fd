#include "data/images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "dflare/error.hpp"
#include "dflare/mutation.hpp"
#include "dflare/random.hpp"
#include "dflare/transformation.hpp"
#include "mutation/extents.hpp"

namespace dflare::repair {
namespace {

constexpr std::size_t kinds = 5;
using KindShares = std::array<double, kinds>;
using Counts = std::array<int, kinds>;

/// What a photograph of the same thing might differ by.
TransformationRanges everyday_ranges() {
  TransformationRanges ranges;
  ranges.rotate = 25;
  ranges.translate_share = 1 / 8.0;
  ranges.scale = 1.25;
  ranges.shear = 0.25;
  ranges.contrast = 1.5;
  ranges.brightness = 40;
  return ranges;
}

/// share * a + (1 - share) * b, rounded up or down at random so that means are kept.
Image blend(const Image& a, const Image& b, double share, Random& random) {
  Image mixed(a.rows, a.cols, a.type());
  const int values = a.cols * a.channels();
  for (int row = 0; row < a.rows; ++row) {
    const auto* from_a = a.ptr<std::uint8_t>(row);
    const auto* from_b = b.ptr<std::uint8_t>(row);
    auto* to = mixed.ptr<std::uint8_t>(row);
    for (int i = 0; i < values; ++i) {
      const double exact = share * from_a[i] + (1 - share) * from_b[i];
      to[i] = static_cast<std::uint8_t>(std::min(255.0, std::floor(exact + random.uniform())));
    }
  }
  return mixed;
}

Image mutant(const Image& image, Random& random) {
  static const MutationSet operators = MutationSet::named("all");
  Image from = image.clone(), to;
  for (int times = random.integer(1, 3); times > 0; --times) {
    operators[static_cast<std::size_t>(random.integer(0, static_cast<int>(operators.size()) - 1))]
        .apply(from, to, random);
    std::swap(from, to);
  }
  return from;
}

/// How many of `size` each share gets: rounded down, and what is left to the largest remainders.
Counts apportioned(const KindShares& shares, int size) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  Counts counts{};
  std::array<std::pair<double, std::size_t>, kinds> remainders;
  int left = size;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double exact = shares[i] / sum * size;
    counts[i] = static_cast<int>(exact);
    left -= counts[i];
    remainders[i] = {counts[i] - exact, i};
  }
  std::sort(remainders.begin(), remainders.end());
  for (int i = 0; i < left; ++i) ++counts[remainders[static_cast<std::size_t>(i) % kinds].second];
  return counts;
}

/// Indices from..from + count - 1 of an endless walk through 0..n - 1 that sees each as often as
/// any other: one random permutation after another.
std::vector<std::size_t> walk(std::uint64_t key, std::size_t n, std::uint64_t from,
                              std::size_t count) {
  std::vector<std::size_t> places, permutation(n);
  places.reserve(count);
  for (std::uint64_t at = from; places.size() < count;) {
    const std::uint64_t turn = at / n;
    Random random(stream_key(key, "permutation " + std::to_string(turn)));
    std::iota(permutation.begin(), permutation.end(), std::size_t{0});
    for (std::size_t i = n - 1; i > 0; --i)
      std::swap(permutation[i],
                permutation[static_cast<std::size_t>(random.integer(0, static_cast<int>(i)))]);
    for (; at / n == turn && places.size() < count; ++at) places.push_back(permutation[at % n]);
  }
  return places;
}

void check_shape(const Image& first, const Image& other, const char* what) {
  if (other.size() == first.size() && other.type() == first.type()) return;
  throw ConfigError(
      fmt::format("seeds: one training image is {}, {} {}; expected images of one size and number "
                  "of channels; give the original's input size with resize: true",
                  shape_text(first), what, shape_text(other)));
}

}  // namespace

TrainingImages::TrainingImages(std::vector<Example> seeds, const Mix& mix, std::uint64_t rng_seed,
                               const std::string& name)
    : seeds_(std::move(seeds)), mix_(mix), key_(stream_key(rng_seed, "training images " + name)) {
  if (seeds_.empty()) throw ConfigError("seeds: no training seeds; expected at least one");
  for (const Example& seed : seeds_) check_shape(seeds_[0].image, seed.image, "another");
}

void TrainingImages::set_findings(std::vector<TrainingFinding> findings) {
  for (const TrainingFinding& finding : findings)
    check_shape(seeds_[0].image, finding.mutant, "a finding");
  std::stable_sort(
      findings.begin(), findings.end(),
      [](const TrainingFinding& a, const TrainingFinding& b) { return a.regret > b.regret; });
  findings_ = std::move(findings);
}

std::vector<Example> TrainingImages::batch(int number, int size) const {
  Random random(stream_key(key_, "batch " + std::to_string(number)));
  const bool blends = seeds_.size() > 1, findings = !findings_.empty();
  KindShares shares{mix_.clean, blends ? mix_.blends : 0, mix_.transformations, mix_.mutants,
                    findings ? mix_.findings : 0};
  if (std::accumulate(shares.begin(), shares.end(), 0.0) <= 0) shares[0] = 1;
  const auto [clean, blended, transformed, mutated, found] = apportioned(shares, size);

  const auto below = [&random](std::size_t n) {
    return static_cast<std::size_t>(random.integer(0, static_cast<int>(n) - 1));
  };
  std::vector<Example> batch;
  batch.reserve(static_cast<std::size_t>(size));
  const auto count = static_cast<std::size_t>(clean);
  for (std::size_t i : walk(key_, seeds_.size(), static_cast<std::uint64_t>(number) * count, count))
    batch.push_back(seeds_[i]);
  for (int i = 0; i < blended; ++i) {
    const std::size_t a = below(seeds_.size());
    const std::size_t b = (a + 1 + below(seeds_.size() - 1)) % seeds_.size();
    const double share = random.uniform();
    constexpr double still_shows = 0.75;
    batch.push_back({blend(seeds_[a].image, seeds_[b].image, share, random),
                     share >= still_shows ? seeds_[a].label : std::nullopt});
  }
  const Extents extents(everyday_ranges(), size_of(seeds_[0].image));
  for (int i = 0; i < transformed; ++i) {
    const Example& seed = seeds_[below(seeds_.size())];
    const Transformation change = extents.transformation(extents.draw(random, 0));
    batch.push_back({change.apply(seed.image), seed.label});
  }
  for (int i = 0; i < mutated; ++i) {
    const Example& seed = seeds_[below(seeds_.size())];
    batch.push_back({mutant(seed.image, random), seed.label});
  }
  for (int i = 0; i < found; ++i) {
    constexpr double preference = 1.5;  // 1: all findings equally often
    const double place =
        std::pow(random.uniform(), preference) * static_cast<double>(findings_.size());
    const TrainingFinding& finding =
        findings_[std::min(static_cast<std::size_t>(place), findings_.size() - 1)];
    batch.push_back({finding.mutant, finding.label});
  }
  return batch;
}

}  // namespace dflare::repair
