#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>

#include "mutation/operators.hpp"

namespace dflare {
namespace {

// The constants of these four are those of the authors' released program; the paper names the
// operators only.
constexpr double gaussian_variance = 0.1;         // grey levels squared
constexpr double salt_and_pepper_part = 0.004;    // of the values; half of it salt, half pepper
constexpr double multiplicative_mean = 0.5;       // the mean is uniform between minus this and this
constexpr double multiplicative_variance = 0.05;  // the variance is uniform between 0 and this
// The authors' program replaces 0 to 9 values; a mutant that is no mutant is a wasted query.
constexpr int most_random_pixels = 9;

/// Writes change(value, draw) for each value, draw being 16 random bits: one 64-bit random number
/// serves four values.
template <class Change>
void change_each_value(const Image& image, Image& mutant, Random& random, Change change) {
  mutant.create(image.size(), image.type());
  constexpr int chunk = 512;
  std::array<std::uint16_t, chunk> draws;
  const int values = image.cols * image.channels();
  for (int y = 0; y < image.rows; ++y) {
    const uchar* from = image.ptr(y);
    uchar* to = mutant.ptr(y);
    for (int begin = 0; begin < values; begin += chunk) {
      const int count = std::min(chunk, values - begin);
      for (int i = 0; i < count; i += 4) {
        const std::uint64_t bits = random.bits();
        for (int k = 0; k < 4; ++k) {
          draws[static_cast<std::size_t>(i + k)] = static_cast<std::uint16_t>(bits >> (16 * k));
        }
      }
      for (int i = 0; i < count; ++i) {
        to[begin + i] = change(from[begin + i], draws[static_cast<std::size_t>(i)]);
      }
    }
  }
}

uchar& random_value(Image& mutant, Random& random) {
  const int y = random.integer(0, mutant.rows - 1);
  return mutant.ptr(y)[random.integer(0, mutant.cols * mutant.channels() - 1)];
}

/// Of 65,536 equally likely draws, as many as noise below `bound` has probability.
int draws_below(double bound, double deviation) {
  return static_cast<int>(std::lround(32768 * std::erfc(-bound / deviation / std::sqrt(2.0))));
}

// The noisy value is truncated, as by the authors' cast to 8 bits, but clipped where theirs wraps
// around. So a value changes by the noise rounded down: by -1 for any negative noise above -1.
// Noise of a third of a grey level would otherwise change next to nothing.
double gaussian_noise(const Image& image, Image& mutant, Random& random) {
  static const double deviation = std::sqrt(gaussian_variance);
  static const int below_minus_one = draws_below(-1, deviation),
                   below_zero = draws_below(0, deviation), below_one = draws_below(1, deviation);
  change_each_value(image, mutant, random,
                    [first = below_minus_one, second = below_zero, third = below_one](
                        uchar value, std::uint16_t draw) {
                      const int change = (draw >= first) + (draw >= second) + (draw >= third) - 2;
                      return static_cast<uchar>(std::clamp(value + change, 0, 255));
                    });
  return deviation;
}

double salt_and_pepper(const Image& image, Image& mutant, Random& random) {
  image.copyTo(mutant);
  const auto values = static_cast<double>(image.total()) * image.channels();
  const int each = static_cast<int>(std::ceil(values * salt_and_pepper_part / 2));
  for (int i = 0; i < each; ++i) random_value(mutant, random) = 255;
  for (int i = 0; i < each; ++i) random_value(mutant, random) = 0;
  return 2 * each;
}

constexpr int quantile_bits = 12;
using Quantiles = std::array<float, 1 << quantile_bits>;

/// Numbers that stand for as many equally likely parts of the normal distribution, rounded so that
/// they are the same on every platform.
Quantiles normal_quantiles() {
  Quantiles quantiles{};
  const boost::math::normal_distribution<double> normal;
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const double probability =
        (static_cast<double>(i) + 0.5) / static_cast<double>(quantiles.size());
    quantiles[i] =
        static_cast<float>(std::round(boost::math::quantile(normal, probability) * 65536) / 65536);
  }
  return quantiles;
}

double multiplicative_noise(const Image& image, Image& mutant, Random& random) {
  static const Quantiles quantiles = normal_quantiles();
  const double mean = random.uniform(-multiplicative_mean, multiplicative_mean);
  const auto deviation = static_cast<float>(std::sqrt(random.uniform(0, multiplicative_variance)));
  const auto factor = static_cast<float>(1 + mean);
  const float* normal = quantiles.data();
  change_each_value(image, mutant, random, [=](uchar value, std::uint16_t draw) {
    const float noisy = value * (factor + deviation * normal[draw >> (16 - quantile_bits)]);
    return static_cast<uchar>(std::clamp(noisy, 0.0F, 255.0F));
  });
  return 100 * mean;
}

double random_pixels(const Image& image, Image& mutant, Random& random) {
  image.copyTo(mutant);
  const int count = random.integer(1, most_random_pixels);
  for (int i = 0; i < count; ++i) {
    uchar& value = random_value(mutant, random);
    value = static_cast<uchar>(random.integer(0, 255));
  }
  return count;
}

}  // namespace

std::vector<MutationOperator> noise_operators() {
  return {{"gaussian_noise", "grey levels", gaussian_noise},
          {"salt_and_pepper", "values", salt_and_pepper},
          {"multiplicative_noise", "%", multiplicative_noise},
          {"random_pixels", "values", random_pixels}};
}

}  // namespace dflare
