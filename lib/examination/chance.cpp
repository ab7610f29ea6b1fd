#include "examination/chance.hpp"

#include <boost/math/distributions/binomial.hpp>

namespace dflare {

bool no_more_than_chance(std::size_t right, std::size_t all, int classes) {
  constexpr double kUnlikely = 0.1;
  if (right == 0) return true;
  const boost::math::binomial_distribution<double> chance(static_cast<double>(all), 1.0 / classes);
  const double fewer = static_cast<double>(right) - 1;
  return boost::math::cdf(boost::math::complement(chance, fewer)) > kUnlikely;
}

}  // namespace dflare
