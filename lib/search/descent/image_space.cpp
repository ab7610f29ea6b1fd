#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "mutation/dither.hpp"
#include "search/crossing/first_order.hpp"
#include "search/descent/space.hpp"

namespace dflare {
namespace {

/// A block of pixels, of any size up to half of the sides.
cv::Rect block_in(const cv::Size& size, Random& random) {
  const auto side = [&random](int all) {
    const double share = std::exp(random.uniform(std::log(0.5 / all), std::log(0.5)));
    return std::clamp(static_cast<int>(std::lround(share * all)), 1, all);
  };
  const int width = side(size.width), height = side(size.height);
  return {random.integer(0, size.width - width), random.integer(0, size.height - height), width,
          height};
}

/// One of the channels at random, in a block, times `by`.
void scale_block(cv::Mat& direction, double by, bool one_channel, Random& random) {
  const cv::Rect block = block_in(direction.size(), random);
  const int channels = direction.channels();
  const int channel = one_channel && channels > 1 ? random.integer(-1, channels - 1) : -1;
  for (int y = block.y; y < block.y + block.height; ++y) {
    float* row = direction.ptr<float>(y);
    for (int x = block.x * channels; x < (block.x + block.width) * channels; ++x) {
      if (channel < 0 || x % channels == channel) row[x] *= static_cast<float>(by);
    }
  }
}

class ImageSpace : public Space {
 public:
  explicit ImageSpace(const Image& seed) { seed.convertTo(seed_, CV_32F); }

  Image at(const cv::Mat& direction, double radius, std::uint32_t key) const override {
    cv::Mat floats;
    cv::scaleAdd(direction, radius, seed_, floats);
    Image image;
    dither(floats, key, image);
    return image;
  }

 protected:
  cv::Mat difference(const Image& mutant) const {
    cv::Mat floats;
    mutant.convertTo(floats, CV_32F);
    return floats - seed_;
  }

  cv::Mat seed_;
};

class L2Space : public ImageSpace {
 public:
  using ImageSpace::ImageSpace;

  cv::Mat unit(const cv::Mat& direction) const override {
    return direction / std::max(cv::norm(direction), 1e-12);
  }
  cv::Mat ray_of(const Image& mutant, const std::optional<Transformation>&) const override {
    return unit(difference(mutant));
  }
  double radius_of(const Image& mutant, const std::optional<Transformation>&) const override {
    return cv::norm(difference(mutant));
  }

  /// Less of a block, or some smooth noise more.
  cv::Mat changed(const cv::Mat& direction, double step, Random& random) const override {
    cv::Mat next = direction.clone();
    if (random.integer(0, 1) == 0) {
      scale_block(next, 1 - random.uniform(0.3, 1), true, random);
      return unit(next);
    }
    const int cells = random.integer(4, 14);
    cv::Mat coarse(cells, cells, CV_32FC(next.channels())), noise;
    for (int y = 0; y < cells; ++y) {
      float* row = coarse.ptr<float>(y);
      for (int x = 0; x < cells * coarse.channels(); ++x)
        row[x] = static_cast<float>(random.normal());
    }
    cv::resize(coarse, noise, next.size(), 0, 0, cv::INTER_CUBIC);
    return unit(next + step * unit(noise));
  }

  double smaller(double radius, double boldness) const override {
    return radius * (1 - 0.3 * boldness);
  }
  cv::Mat descended(const cv::Mat& direction, double, const cv::Mat& gradient) const override {
    constexpr double kStep = 0.5;
    return unit(direction - kStep * unit(gradient));
  }
};

class LInfSpace : public ImageSpace {
 public:
  using ImageSpace::ImageSpace;

  cv::Mat unit(const cv::Mat& direction) const override {
    return direction / std::max(cv::norm(direction, cv::NORM_INF), 1e-12);
  }
  /// Every value that moves at all moves all the way.
  cv::Mat ray_of(const Image& mutant, const std::optional<Transformation>&) const override {
    return sign_of(difference(mutant));
  }
  double radius_of(const Image& mutant, const std::optional<Transformation>&) const override {
    return cv::norm(difference(mutant), cv::NORM_INF);
  }

  /// The other way in a block.
  cv::Mat changed(const cv::Mat& direction, double, Random& random) const override {
    cv::Mat next = direction.clone();
    scale_block(next, -1, true, random);
    return next;
  }

  /// Distances of 8-bit images are whole grey levels.
  bool is_nearest(double radius) const override { return radius <= 1; }
  double smaller(double radius, double boldness) const override {
    const double next = std::ceil(radius) - 1;
    return std::max(1.0, std::floor(next * (1 - 0.3 * boldness)));
  }
  cv::Mat descended(const cv::Mat& direction, double, const cv::Mat& gradient) const override {
    constexpr double kStep = 0.5;
    const cv::Mat next = direction - kStep * sign_of(gradient);
    return cv::min(cv::max(next, -1.0), 1.0);
  }
};

}  // namespace

std::unique_ptr<Space> make_l2_space(const Image& seed) {
  return std::make_unique<L2Space>(seed);
}

std::unique_ptr<Space> make_l_inf_space(const Image& seed) {
  return std::make_unique<LInfSpace>(seed);
}

}  // namespace dflare
