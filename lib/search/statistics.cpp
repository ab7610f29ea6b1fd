#include "dflare/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

namespace dflare {

Interval clopper_pearson(std::size_t successes, std::size_t trials, double confidence) {
  using Binomial = boost::math::binomial_distribution<double>;
  const double n = static_cast<double>(trials);
  const double k = static_cast<double>(successes);
  const double tail = (1 - confidence) / 2;
  return {successes == 0 ? 0.0 : Binomial::find_lower_bound_on_p(n, k, tail),
          successes == trials ? 1.0 : Binomial::find_upper_bound_on_p(n, k, tail)};
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
  s.seeds = result.seeds.size();
  s.as_it_is = result.count(Outcome::as_it_is);
  s.found = result.count(Outcome::found);
  s.not_found = result.count(Outcome::not_found);
  s.partly_searched = result.count(Outcome::partly_searched);
  s.not_begun = result.count(Outcome::not_begun);
  s.errors = result.count(Outcome::error);
  s.skipped = result.count(Outcome::skipped);
  s.judged = s.seeds - s.errors - s.skipped - s.not_begun;
  if (s.judged > 0) {
    s.rate = static_cast<double>(s.deviating()) / static_cast<double>(s.judged);
    s.interval = clopper_pearson(s.deviating(), s.judged);
  }

  std::vector<double> queries;
  for (const SeedResult& seed : result.seeds) {
    if (seed.outcome != Outcome::found) continue;
    queries.push_back(seed.queries);
    s.mean_queries += seed.queries;
    s.mean_l2 += seed.distances.l2;
    s.mean_l_inf += seed.distances.l_inf;
    s.mean_ssim += seed.distances.ssim;
    s.mean_margin += seed.margin;
  }
  if (s.found > 0) {
    const double n = static_cast<double>(s.found);
    for (double* mean : {&s.mean_queries, &s.mean_l2, &s.mean_l_inf, &s.mean_ssim, &s.mean_margin})
      *mean /= n;
    s.queries_per_found = static_cast<double>(result.counts.queries) / n;
  }
  s.median_queries = median(std::move(queries));
  return s;
}

}  // namespace dflare
