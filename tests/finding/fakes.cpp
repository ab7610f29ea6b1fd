#include "finding/fakes.hpp"

#include <opencv2/core.hpp>

#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {

ModelInfo in_memory(const std::string& name) {
  ModelInfo info;
  info.name = name;
  info.backend = "Fake";
  info.runtime = "Fake 1";
  info.device = "cpu";
  return info;
}

ModelInfo of_file(const std::string& path) {
  ModelInfo info = in_memory(path);
  info.path = path;
  info.sha256 = "0123";
  return info;
}

FakeModel::Function bright_above(double threshold) {
  return [threshold](const Image& image, std::size_t, std::size_t) {
    const bool bright = cv::mean(image)[0] > threshold;
    return bright ? std::vector<float>{0.4F, 0.6F} : std::vector<float>{0.6F, 0.4F};
  };
}

Deviation deviation_of(const std::string& seed_id, int variant) {
  Deviation deviation;
  deviation.position = 3;
  deviation.seed.id = seed_id;
  deviation.seed.image = picture(8, 8, 1, variant);
  deviation.mutant = picture(8, 8, 1, variant);
  deviation.mutant.setTo(110);
  deviation.queries = 17;
  deviation.gradients = 5;
  deviation.paths = 2;
  deviation.original_scores = {0.4F, 0.6F};
  deviation.compressed_scores = {0.6F, 0.4F};
  deviation.original_label = 1;
  deviation.compressed_label = 0;
  deviation.regret = deviation_regret(deviation.answer());
  deviation.margin = deviation_margin(deviation.answer());
  deviation.history = {{"rotation", 12.25, "degrees"}, {"scale", 0.9, ""}};
  deviation.distances = distances(deviation.seed.image, deviation.mutant);
  return deviation;
}

Transformation some_transformation() {
  Transformation transformation;
  transformation.rotate = 0.1 + 0.2;
  transformation.right = 1.0 / 3;
  transformation.down = -1e-9;
  transformation.scale = 0.95;
  transformation.shear = 0.01;
  transformation.contrast = 1.1;
  transformation.brightness = -7.25;
  transformation.dither = 4000000000U;
  return transformation;
}

SeedSet some_seeds() {
  return SeedSet::images({picture(8, 8, 1, 0), picture(8, 8, 1, 1)});
}

std::string content_of(const std::string& path) {
  return read_file(path);
}

}  // namespace dflare::test
