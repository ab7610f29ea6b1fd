#include "found.hpp"

#include "dflare/finding.hpp"
#include "dflare/search.hpp"
#include "dflare/seeds.hpp"
#include "fuzz.hpp"

namespace dflare::fuzz {
namespace {

constexpr const char* seed_id = "grey";

}  // namespace

test::FakeModel original_model() {
  return test::FakeModel(test::brightness(0.5), "original");
}

test::FakeModel compressed_model() {
  return test::FakeModel(test::brightness(0.56), "compressed");
}

Options search_options() {
  return Options().queries(200).workers(1).rotate(10).brightness(40);
}

const std::string& found_run() {
  static const std::string folder = [] {
    test::FakeModel original = original_model(), compressed = compressed_model();
    const SeedSet seeds = SeedSet::images({Image(8, 8, CV_8UC1, cv::Scalar(118))}, {1}, {seed_id});
    const Options options = search_options();
    FindingWriter writer(scratch_folder() + "/run", original, compressed, seeds, options);
    writer.finish(search(original, compressed, seeds, options, &writer));
    return writer.folder();
  }();
  return folder;
}

std::string found_finding() {
  return found_run() + "/" + seed_id;
}

}  // namespace dflare::fuzz
