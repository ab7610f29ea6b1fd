#pragma once

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cstdint>
#include <string_view>

namespace dflare {

/// A stream of random numbers whose values are the same on every platform: Boost.Random's engine
/// and distributions (the values of the std distributions differ between standard libraries).
class Random {
 public:
  explicit Random(std::uint64_t key) : engine_(key) {}

  /// Uniform in [0, 1).
  double uniform() { return boost::random::uniform_01<double>()(engine_); }

  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Uniform over the whole numbers low, ..., high, both included.
  int integer(int low, int high) {
    return boost::random::uniform_int_distribution<int>(low, high)(engine_);
  }

  /// Normal of mean 0 and standard deviation 1.
  double normal() { return normal_(engine_); }

  /// 64 random bits.
  std::uint64_t bits() { return engine_(); }

 private:
  boost::random::mt19937_64 engine_;
  boost::random::normal_distribution<double> normal_;
};

/// A key for a stream that depends on all parts: streams of other seeds or names are independent.
std::uint64_t stream_key(std::uint64_t rng_seed, std::string_view name);

}  // namespace dflare
