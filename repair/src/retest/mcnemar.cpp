#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

#include "retest/retest.hpp"

namespace dflare::repair {

int true_alone(const std::vector<bool>& a, const std::vector<bool>& b) {
  int alone = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) alone += a[i] && !b[i];
  return alone;
}

double mcnemar(const std::vector<bool>& a, const std::vector<bool>& b) {
  const int a_alone = true_alone(a, b), b_alone = true_alone(b, a);
  const int differ = a_alone + b_alone;
  if (differ == 0) return 1;
  const boost::math::binomial_distribution<double> alike(differ, 0.5);
  return std::min(1.0, 2 * boost::math::cdf(alike, std::min(a_alone, b_alone)));
}

}  // namespace dflare::repair
