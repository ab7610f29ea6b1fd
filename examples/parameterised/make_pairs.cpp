// Makes models/ and seeds/ for pairs_test: a linear classifier of blobs, and two versions of it
// with rounded weights.

#include <torch/script.h>

#include <dflare/image.hpp>
#include <filesystem>
#include <string>

#include "blobs.hpp"

namespace {

/// One row a class: its picture, without its mean.
torch::Tensor weights() {
  std::vector<torch::Tensor> rows;
  for (const cv::Mat& picture : blobs::classes()) {
    const auto values = torch::from_blob(picture.data, {blobs::side * blobs::side}, torch::kByte)
                            .to(torch::kFloat) /
                        255;
    rows.push_back((values - values.mean()) / 4);
  }
  return torch::stack(rows);
}

torch::Tensor rounded(const torch::Tensor& weights, int bits) {
  const auto step = weights.abs().max() / ((1 << (bits - 1)) - 1);
  return (weights / step).round() * step;
}

void save(const std::string& path, const torch::Tensor& weights) {
  torch::jit::Module model("Blobs");
  model.register_parameter("weight", weights, false);
  model.define(
      "def forward(self, x):\n    return torch.linear(torch.flatten(x, 1), self.weight)\n");
  model.save(path);
}

}  // namespace

int main() {
  std::filesystem::create_directory("models");
  std::filesystem::create_directory("seeds");
  save("models/blobs.pt", weights());
  save("models/blobs_w8.pt", rounded(weights(), 8));
  save("models/blobs_w6.pt", rounded(weights(), 6));
  const dflare::SeedSet seeds = blobs::seeds();
  for (std::size_t i = 0; i < seeds.size(); ++i)
    dflare::write_png("seeds/" + std::to_string(10 + i) + ".png", seeds.load(i).image);
}
