#pragma once

// Small TorchScript files made on the spot; callers need no LibTorch header. Each function writes a
// file to `path`. Weights are drawn from a fixed stream of our own, so that they are the same
// everywhere.

#include <string>

namespace dflare::test {

/// Linear classifier on the flattened image: logits = W x + b. Differing `perturbation` gives
/// slightly other weights (each weight times 1 + perturbation * u, u uniform in [-1, 1]): a pair
/// that deviates near its boundary.
void save_linear(const std::string& path, int channels, int height, int width, int classes,
                 double perturbation = 0, int rng_seed = 1);
/// A small CNN (conv, relu, pool, linear), the same meaning of perturbation.
void save_cnn(const std::string& path, int channels, int height, int width, int classes,
              double perturbation = 0, int rng_seed = 1);
/// The linear model, but the scores are NaN where the mean pixel of an image exceeds `threshold`
/// (of 0..1).
void save_nan_above(const std::string& path, int channels, int height, int width, int classes,
                    double threshold);
/// The linear model, but it throws where the mean pixel of an image exceeds `threshold`.
void save_throws_above(const std::string& path, int channels, int height, int width, int classes,
                       double threshold);
/// The linear model, but it never ends where the mean pixel of an image exceeds `threshold`.
void save_hangs_above(const std::string& path, int channels, int height, int width, int classes,
                      double threshold);
/// The linear model, but its forward writes so many floats of 1 into a file.
void save_writes_file(const std::string& path, int channels, int height, int width, int classes,
                      const std::string& file, int numbers);
/// The linear model, but it takes memory without end where the mean pixel of an image exceeds
/// `threshold`.
void save_hoards_above(const std::string& path, int channels, int height, int width, int classes,
                       double threshold);
/// A model whose answer has the wrong shape: N x classes x 1 x 1.
void save_wrong_shape(const std::string& path, int classes);
/// The linear model followed by a softmax: answers probabilities.
void save_probabilities(const std::string& path, int channels, int height, int width, int classes);

}  // namespace dflare::test
