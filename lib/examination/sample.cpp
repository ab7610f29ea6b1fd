#include "examination/sample.hpp"

#include <algorithm>
#include <exception>

#include "dflare/error.hpp"
#include "dflare/random.hpp"

namespace dflare {
namespace {

constexpr std::size_t kSeeds = 24;
constexpr std::uint64_t kKey = 1;  // whatever the option rng_seed is

Image noise(const Image& like, Random& random) {
  Image image(like.rows, like.cols, like.type());
  for (int y = 0; y < image.rows; ++y) {
    unsigned char* row = image.ptr<unsigned char>(y);
    for (int x = 0; x < image.cols * image.channels(); ++x)
      row[x] = static_cast<unsigned char>(random.bits() >> 56);
  }
  return image;
}

void add_made_images(Sample& sample) {
  const Image& like = sample.images.front();
  const cv::Scalar black = cv::Scalar::all(0), white = cv::Scalar::all(255);
  Random random(stream_key(kKey, "examination"));
  std::vector<Image> made = {Image(like.rows, like.cols, like.type(), black),
                             Image(like.rows, like.cols, like.type(), white), noise(like, random),
                             noise(like, random)};
  const char* names[] = {"black", "white", "noise", "more noise"};
  for (std::size_t i = 0; i < made.size(); ++i) {
    sample.images.push_back(std::move(made[i]));
    sample.ids.emplace_back(std::string("an image made for the examination: ") + names[i]);
  }
}

}  // namespace

Sample sample_of(const SeedSet& seeds, const InputSpec& input) {
  const SeedSet chosen = seeds.sample(std::min(kSeeds, seeds.size()), kKey);
  Sample sample;
  std::exception_ptr first_error;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    try {
      const Seed seed = chosen.load(i);
      try {
        sample.images.push_back(input.fit(seed.image));
      } catch (const ModelError& error) {
        throw ModelError("seed input '" + seed.id + "': " + error.what());
      }
      sample.ids.push_back(seed.id);
      sample.labels.push_back(seed.label);
    } catch (const Error&) {
      if (!first_error) first_error = std::current_exception();
    }
  }
  if (sample.images.empty() && first_error) std::rethrow_exception(first_error);
  if (!sample.images.empty()) add_made_images(sample);
  return sample;
}

}  // namespace dflare
