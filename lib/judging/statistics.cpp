#include "dflare/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace dflare {
namespace {

double mean_of(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void count_outcomes(const SearchResult& result, Summary& s) {
  s.seeds = result.seeds.size();
  static_cast<Tally&>(s) = result.tally();
  s.cut_short = static_cast<std::size_t>(std::count_if(
      result.seeds.begin(), result.seeds.end(), [](const SeedResult& r) { return r.cut_short; }));
  s.judged = s.judged_seeds();
  if (s.judged == 0) return;
  s.rate = static_cast<double>(s.deviating()) / static_cast<double>(s.judged);
  s.interval = clopper_pearson(s.deviating(), s.judged);
}

/// The figures over the seeds found by search, and the paths of those not found.
void sum_up_searches(const SearchResult& result, Summary& s) {
  std::vector<double> queries;
  for (const SeedResult& seed : result.seeds) {
    if (seed.outcome == Outcome::not_found) s.mean_paths += seed.paths;
    if (seed.outcome != Outcome::found) continue;
    queries.push_back(seed.queries);
    s.mean_gradients += seed.gradients;
    s.mean_l2 += seed.distances.l2;
    s.mean_l_inf += seed.distances.l_inf;
    s.mean_ssim += seed.distances.ssim;
    s.mean_regret += seed.regret;
    s.mean_margin += seed.margin;
  }
  if (s.not_found > 0) s.mean_paths /= static_cast<double>(s.not_found);
  if (s.found > 0) {
    const double n = static_cast<double>(s.found);
    for (double* mean : {&s.mean_gradients, &s.mean_l2, &s.mean_l_inf, &s.mean_ssim, &s.mean_regret,
                         &s.mean_margin})
      *mean /= n;
    s.queries_per_found = static_cast<double>(result.counts.queries) / n;
  }
  s.mean_queries = mean_of(queries);
  s.median_queries = median(std::move(queries));
  s.gradients_in_all = result.counts.gradients;
}

void sum_up_objectives(const SearchResult& result, Summary& s) {
  std::vector<double> regrets, margins, closeness;
  for (const SeedResult& seed : result.seeds) {
    if (!judged(seed.outcome)) continue;
    const bool deviating = deviates(seed.outcome);
    regrets.push_back(deviating ? seed.regret : 0.0);
    // Below 0 where the criterion says nothing of labels.
    margins.push_back(deviating ? std::max(0.0, seed.margin) : 0.0);
    if (deviating) closeness.push_back(seed.closeness);
  }
  if (!margins.empty()) {
    s.mean_worst_regret = mean_of(regrets);
    s.worst_regret_interval = student_t(regrets);
    s.largest_regret = *std::max_element(regrets.begin(), regrets.end());
    s.mean_worst_margin = mean_of(margins);
    s.worst_margin_interval = student_t(margins);
    s.largest_margin = *std::max_element(margins.begin(), margins.end());
  }
  if (!closeness.empty()) {
    s.mean_closeness = mean_of(closeness);
    s.smallest_closeness = *std::min_element(closeness.begin(), closeness.end());
  }
}

/// How the models do on the seed inputs as they are, and who is right where they deviate.
void sum_up_labels(const SearchResult& result, Summary& s) {
  for (const SeedResult& seed : result.seeds) {
    if (seed.seed_original_label < 0) continue;
    ++s.evaluated;
    s.agreed += seed.seed_agrees;
    if (seed.true_label < 0) continue;
    ++s.labelled;
    s.original_right += seed.seed_original_label == seed.true_label;
    s.compressed_right += seed.seed_compressed_label == seed.true_label;
    if (!deviates(seed.outcome)) continue;
    ++s.deviations_labelled;
    const bool original = seed.original_label == seed.true_label,
               compressed = seed.compressed_label == seed.true_label;
    s.deviations_original_right += original && !compressed;
    s.deviations_compressed_right += compressed && !original;
    s.deviations_neither_right += !original && !compressed;
  }
}

}  // namespace

Interval clopper_pearson(std::size_t successes, std::size_t trials, double confidence) {
  using Binomial = boost::math::binomial_distribution<double>;
  const double n = static_cast<double>(trials);
  const double k = static_cast<double>(successes);
  const double tail = (1 - confidence) / 2;
  return {successes == 0 ? 0.0 : Binomial::find_lower_bound_on_p(n, k, tail),
          successes == trials ? 1.0 : Binomial::find_upper_bound_on_p(n, k, tail)};
}

Interval student_t(const std::vector<double>& values, double confidence) {
  if (values.size() < 2) return {0, 1};
  const double n = static_cast<double>(values.size()), mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const boost::math::students_t_distribution<double> t(n - 1);
  const double half =
      boost::math::quantile(t, (1 + confidence) / 2) * std::sqrt(squares / (n - 1) / n);
  return {std::max(0.0, mean - half), std::min(1.0, mean + half)};
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

Summary summarise(const SearchResult& result) {
  Summary s;
  count_outcomes(result, s);
  sum_up_searches(result, s);
  sum_up_objectives(result, s);
  sum_up_labels(result, s);
  return s;
}

}  // namespace dflare
