// Makes the models and seed inputs that digits_test.cpp and digits.yaml test, in the current
// folder.

#include <boost/filesystem.hpp>
#include <cstdio>
#include <dflare/deviation.hpp>
#include <dflare/model.hpp>
#include <exception>
#include <string>
#include <vector>

#include "compression.hpp"
#include "digits.hpp"
#include "lenet5.hpp"

namespace {

constexpr std::size_t training_images = 6000, test_images = 1000, seed_images = 300,
                      unseen_images = 300;

std::vector<int> labels_by(const std::string& path, const Digits& digits) {
  const auto model = dflare::load(path);
  std::vector<int> labels;
  const dflare::Scores scores = model->predict(dflare::ImageBatch(digits.images));
  for (int i = 0; i < scores.rows(); ++i)
    labels.push_back(dflare::top_label({scores.row(i), scores.classes()}));
  return labels;
}

int differences(const std::vector<int>& a, const std::vector<int>& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return count;
}

/// <folder>/<digit>/<number>.png
void write_images(const Digits& digits, std::size_t begin, std::size_t end,
                  const std::string& folder) {
  for (std::size_t i = begin; i < end; ++i) {
    const std::string of_class = folder + "/" + std::to_string(digits.labels[i]);
    boost::filesystem::create_directories(of_class);
    char name[16];
    std::snprintf(name, sizeof name, "%03zu.png", i);
    dflare::write_png(of_class + "/" + name, digits.images[i]);
  }
}

void make_models() {
  const Digits test = render_digits(test_images, 2);
  write_images(test, 0, seed_images, "seeds");
  write_images(test, seed_images, seed_images + unseen_images, "unseen");

  const std::string original = "models/lenet5.pt";
  boost::filesystem::create_directories("models");
  train_lenet5(render_digits(training_images, 1), original);
  round_weights(original, "models/lenet5_w8.pt", 8);
  round_weights(original, "models/lenet5_w4.pt", 4);
  prune_weights(original, "models/lenet5_prune50.pt", 0.5);

  std::printf("%-26s %-34s %9s %s\n", "model", "", "accuracy", "labels unlike the original's");
  const std::vector<int> original_labels = labels_by(original, test);
  const auto row = [&](const std::string& path, const char* what) {
    const std::vector<int> labels = labels_by(path, test);
    const double accuracy =
        100 - 100.0 * differences(labels, test.labels) / static_cast<double>(test_images);
    std::printf("%-26s %-34s %7.1f %% %d of %zu\n", path.c_str(), what, accuracy,
                differences(labels, original_labels), test_images);
  };
  row(original, "LeNet-5, the original");
  row("models/lenet5_w8.pt", "its weights on an 8-bit grid");
  row("models/lenet5_w4.pt", "its weights on a 4-bit grid");
  row("models/lenet5_prune50.pt", "the smaller half of its weights 0");
}

}  // namespace

int main() {
  try {
    make_models();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_models: %s\n", error.what());
    return 2;
  }
}
