#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dflare/model.hpp"
#include "dflare/random.hpp"
#include "dflare/torch.hpp"

namespace dflare::test {

/// The two best classes of an image.
inline std::pair<int, int> best_two(Model& model, const Image& image) {
  const Scores scores = model.predict(image);
  std::vector<int> order(static_cast<std::size_t>(scores.classes()));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int a, int b) { return scores.row(0)[a] > scores.row(0)[b]; });
  return {order[0], order[1]};
}

/// The image in double precision, 1 x channels x height x width, as the model is to be fed.
inline at::Tensor fed_pixels(const cv::Mat& image, const InputSpec& spec) {
  std::vector<cv::Mat> channels;
  cv::split(image, channels);
  std::vector<at::Tensor> planes;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const at::Tensor plane =
        torch::from_blob(channels[c].data, {image.rows, image.cols}, at::kDouble);
    const double mean = spec.mean.empty() ? 0 : spec.mean[c];
    const double stddev = spec.stddev.empty() ? 1 : spec.stddev[c];
    planes.push_back((plane / 255 - mean) / stddev);
  }
  return torch::stack(planes).unsqueeze(0);
}

/// Whether the gradient tells how the file's logits, computed in double precision, change along a
/// few random directions from the image.
inline void expect_finite_differences(const std::string& path, const InputSpec& spec,
                                      const Image& image) {
  const auto model = load(path, spec);
  const auto [a, b] = best_two(*model, image);
  const cv::Mat gradient = model->gradient(image, a, b);
  ASSERT_EQ(gradient.size(), image.size());
  ASSERT_EQ(gradient.type(), CV_MAKETYPE(CV_32F, image.channels()));

  torch::jit::Module reference = torch::jit::load(path);
  reference.eval();
  reference.to(at::kDouble);
  const auto difference_at = [&, first = a, second = b](const cv::Mat& pixels) {
    const at::Tensor logits = reference.forward({fed_pixels(pixels, spec)}).toTensor()[0];
    return logits[first].item<double>() - logits[second].item<double>();
  };
  constexpr double step = 1e-6;  // grey levels: so few that no ReLU changes sides
  const auto channels = static_cast<std::size_t>(image.channels());
  cv::Mat pixels, slopes;
  image.convertTo(pixels, CV_64F);
  gradient.convertTo(slopes, CV_64F);
  Random random(3);
  for (int direction = 0; direction < 4; ++direction) {
    cv::Mat along(image.size(), pixels.type());
    for (std::size_t i = 0; i < image.total() * channels; ++i) {
      along.ptr<double>()[i] = random.uniform(-1, 1);
    }
    const double difference =
        (difference_at(pixels + step * along) - difference_at(pixels - step * along)) / (2 * step);
    EXPECT_NEAR(slopes.dot(along), difference, 1e-4 * cv::norm(slopes) * cv::norm(along));
  }
}

/// With noise, so that no two pixels of a pool are equally bright, where there is no one gradient;
/// and away from black and white.
inline Image noisy(const Image& image) {
  Image result;
  image.convertTo(result, -1, 0.7, 25);
  Random random(9);
  for (int y = 0; y < result.rows; ++y) {
    for (int x = 0; x < result.cols * result.channels(); ++x) {
      result.ptr(y)[x] = static_cast<unsigned char>(result.ptr(y)[x] + random.uniform(0, 20));
    }
  }
  return result;
}

}  // namespace dflare::test
