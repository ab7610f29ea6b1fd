#include "repair/odd_models.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>

namespace dflare::test {
namespace {

constexpr int pixels = 12 * 12;

void save(const std::string& path, int scores, const std::string& forward) {
  at::manual_seed(3);
  torch::jit::Module module("Odd");
  module.register_parameter("weight", at::randn({scores, pixels}) * 0.3, false);
  module.define("def forward(self, x):\n    s = torch.linear(torch.flatten(x, 1), self.weight)\n" +
                forward);
  module.save(path);
}

}  // namespace

void save_detached(const std::string& path) {
  save(path, 4, "    return s.detach()\n");
}

void save_without_derivative(const std::string& path) {
  save(path, 4, "    return s + torch.igamma(s.abs() + 1, torch.ones_like(s))\n");
}

void save_one_score(const std::string& path) {
  save(path, 1, "    return s\n");
}

void save_constant(const std::string& path) {
  save(path, 4, "    return s * 0 + torch.arange(4)\n");
}

}  // namespace dflare::test
