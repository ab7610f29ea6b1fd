#pragma once

/// @file
/// Random numbers that are the same on every platform.

#include <array>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cstdint>
#include <limits>
#include <string_view>

namespace dflare {

/// xoshiro256++ (Blackman and Vigna, Scrambled linear pseudorandom number generators, ACM TOMS 47,
/// 2021). Every chain has one: 32 bytes, where a Mersenne twister takes 2.5 KB and a block's would
/// fill the processor's caches.
class Xoshiro256 {
 public:
  using result_type = std::uint64_t;           ///< 64 random bits
  using State = std::array<std::uint64_t, 4>;  ///< the four words of the generator

  /// The state is drawn from splitmix64, as its authors advise.
  explicit Xoshiro256(std::uint64_t key);
  /// Not all zero.
  explicit Xoshiro256(const State& state) : state_(state) {}

  static constexpr result_type min() { return 0; }  ///< for the standard's generator requirements
  /// 2^64 - 1.
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  /// The next 64 bits.
  result_type operator()() {
    const result_type result = rotated(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotated(state_[3], 45);
    return result;
  }

 private:
  static std::uint64_t rotated(std::uint64_t value, int bits) {
    return (value << bits) | (value >> (64 - bits));
  }

  State state_;
};

/// A stream of random numbers whose values are the same on every platform: an engine of our own and
/// Boost.Random's distributions (the values of the std distributions differ between standard
/// libraries).
class Random {
 public:
  /// Equal keys give equal streams; stream_key() makes keys.
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
  Xoshiro256 engine_;
  boost::random::normal_distribution<double> normal_;
};

/// A key for a stream that depends on all parts: streams of other seeds or names are independent.
std::uint64_t stream_key(std::uint64_t rng_seed, std::string_view name);

}  // namespace dflare
