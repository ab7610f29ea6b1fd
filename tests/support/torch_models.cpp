#include "support/torch_models.hpp"

#include <ATen/Functions.h>
#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>

#include <cmath>

#include "dflare/random.hpp"

namespace dflare::test {
namespace {

using torch::jit::Module;

// Draws weights, and how they differ from the unperturbed model's, from two streams.
class Weights {
 public:
  Weights(int rng_seed, double perturbation)
      : base_(static_cast<std::uint64_t>(rng_seed)),
        change_(static_cast<std::uint64_t>(rng_seed) + 1000),
        perturbation_(perturbation) {}

  at::Tensor draw(std::vector<std::int64_t> shape, double scale) {
    at::Tensor weights = at::empty(shape, at::kFloat);
    float* values = weights.data_ptr<float>();
    for (std::int64_t i = 0; i < weights.numel(); ++i) {
      const double weight = scale * base_.uniform(-1, 1);
      values[i] = static_cast<float>(weight * (1 + perturbation_ * change_.uniform(-1, 1)));
    }
    return weights;
  }

 private:
  Random base_, change_;
  double perturbation_;
};

Module linear(int channels, int height, int width, int classes, double perturbation, int rng_seed) {
  Weights weights(rng_seed, perturbation);
  const int inputs = channels * height * width;
  Module module("Linear");
  module.register_parameter("weight", weights.draw({classes, inputs}, 8 / std::sqrt(inputs)),
                            false);
  module.register_parameter("bias", weights.draw({classes}, 0.1), false);
  module.define(R"(
    def logits(self, x):
        return torch.linear(torch.flatten(x, 1), self.weight, self.bias)
    def brightness(self, x):
        return torch.mean(torch.flatten(x, 1), 1, True)
)");
  return module;
}

}  // namespace

void save_linear(const std::string& path, int channels, int height, int width, int classes,
                 double perturbation, int rng_seed) {
  Module module = linear(channels, height, width, classes, perturbation, rng_seed);
  module.define(R"(
    def forward(self, x):
        return self.logits(x)
)");
  module.save(path);
}

void save_cnn(const std::string& path, int channels, int height, int width, int classes,
              double perturbation, int rng_seed) {
  constexpr int filters = 8;
  Weights weights(rng_seed, perturbation);
  const int features = filters * (height / 2) * (width / 2);
  Module module("Cnn");
  module.register_parameter(
      "kernels", weights.draw({filters, channels, 3, 3}, 2 / std::sqrt(9.0 * channels)), false);
  module.register_parameter("kernels_bias", weights.draw({filters}, 0.1), false);
  module.register_parameter("weight", weights.draw({classes, features}, 8 / std::sqrt(features)),
                            false);
  module.register_parameter("bias", weights.draw({classes}, 0.1), false);
  module.define(R"(
    def forward(self, x):
        x = torch.relu(torch.conv2d(x, self.kernels, self.kernels_bias, [1, 1], [1, 1]))
        x = torch.flatten(torch.max_pool2d(x, [2, 2]), 1)
        return torch.linear(x, self.weight, self.bias)
)");
  module.save(path);
}

void save_nan_above(const std::string& path, int channels, int height, int width, int classes,
                    double threshold) {
  Module module = linear(channels, height, width, classes, 0, 1);
  module.define(fmt::format(R"(
    def forward(self, x):
        scores = self.logits(x)
        return torch.where(self.brightness(x) > {:.9f}, torch.full_like(scores, float("nan")), scores)
)",
                            threshold));
  module.save(path);
}

void save_throws_above(const std::string& path, int channels, int height, int width, int classes,
                       double threshold) {
  Module module = linear(channels, height, width, classes, 0, 1);
  module.define(fmt::format(R"(
    def forward(self, x):
        assert not bool(torch.any(self.brightness(x) > {:.9f})), "too bright for me"
        return self.logits(x)
)",
                            threshold));
  module.save(path);
}

void save_hangs_above(const std::string& path, int channels, int height, int width, int classes,
                      double threshold) {
  Module module = linear(channels, height, width, classes, 0, 1);
  module.define(fmt::format(R"(
    def forward(self, x):
        rounds = 0
        while bool(torch.any(self.brightness(x) > {:.9f})):
            rounds += 1
        return self.logits(x) + rounds
)",
                            threshold));
  module.save(path);
}

void save_writes_file(const std::string& path, int channels, int height, int width, int classes,
                      const std::string& file, int numbers) {
  Module module = linear(channels, height, width, classes, 0, 1);
  module.define(fmt::format(R"(
    def forward(self, x):
        written = torch.from_file("{}", True, {}).fill_(1)
        return self.logits(x) + 0 * written.sum()
)",
                            file, numbers));
  module.save(path);
}

void save_hoards_above(const std::string& path, int channels, int height, int width, int classes,
                       double threshold) {
  Module module = linear(channels, height, width, classes, 0, 1);
  module.define(fmt::format(R"(
    def forward(self, x):
        hoard = [x]
        while bool(torch.any(self.brightness(x) > {:.9f})):
            hoard.append(torch.ones([4194304]))
        return self.logits(x) + (len(hoard) - 1)
)",
                            threshold));
  module.save(path);
}

void save_wrong_shape(const std::string& path, int classes) {
  Module module("WrongShape");
  module.register_parameter("scores", at::ones({1, classes, 1, 1}), false);
  module.define(R"(
    def forward(self, x):
        return torch.mean(x, [1, 2, 3], True) * self.scores
)");
  module.save(path);
}

void save_probabilities(const std::string& path, int channels, int height, int width, int classes) {
  Module module = linear(channels, height, width, classes, 0, 1);
  module.define(R"(
    def forward(self, x):
        return torch.softmax(self.logits(x), 1)
)");
  module.save(path);
}

}  // namespace dflare::test
