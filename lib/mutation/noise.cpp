#include <cmath>

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

// Towards zero, as the authors' cast to 8 bits does, but clipped where theirs wraps around. Without
// the truncation noise of a third of a grey level would change next to nothing.
uchar truncated(double value) {
  if (value <= 0) return 0;
  return value >= 255 ? 255 : static_cast<uchar>(value);
}

template <class Change>
void change_each_value(const Image& image, Image& mutant, Change change) {
  mutant.create(image.size(), image.type());
  const int values = image.cols * image.channels();
  for (int y = 0; y < image.rows; ++y) {
    const uchar* from = image.ptr(y);
    uchar* to = mutant.ptr(y);
    for (int i = 0; i < values; ++i) to[i] = truncated(change(from[i]));
  }
}

uchar& random_value(Image& mutant, Random& random) {
  const int y = random.integer(0, mutant.rows - 1);
  return mutant.ptr(y)[random.integer(0, mutant.cols * mutant.channels() - 1)];
}

double gaussian_noise(const Image& image, Image& mutant, Random& random) {
  const double deviation = std::sqrt(gaussian_variance);
  change_each_value(image, mutant,
                    [&](uchar value) { return value + deviation * random.normal(); });
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

double multiplicative_noise(const Image& image, Image& mutant, Random& random) {
  const double mean = random.uniform(-multiplicative_mean, multiplicative_mean);
  const double deviation = std::sqrt(random.uniform(0, multiplicative_variance));
  change_each_value(image, mutant,
                    [&](uchar value) { return value * (1 + mean + deviation * random.normal()); });
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
