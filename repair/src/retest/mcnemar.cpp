#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

#include "retest/retest.hpp"

namespace dflare::repair {

double mcnemar(const std::vector<bool>& a, const std::vector<bool>& b) {
  int a_alone = 0, b_alone = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    a_alone += a[i] && !b[i];
    b_alone += b[i] && !a[i];
  }
  const int differ = a_alone + b_alone;
  if (differ == 0) return 1;
  const boost::math::binomial_distribution<double> alike(differ, 0.5);
  return std::min(1.0, 2 * boost::math::cdf(alike, std::min(a_alone, b_alone)));
}

}  // namespace dflare::repair
