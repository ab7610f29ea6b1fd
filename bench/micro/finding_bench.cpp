// Writing a finding: three pictures and a JSON document, renamed into place.

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>
#include <string>

#include "dflare/finding.hpp"
#include "images.hpp"
#include "support/fake_models.hpp"

namespace dflare::bench {
namespace {

void write_finding(benchmark::State& state) {
  const boost::filesystem::path folder =
      boost::filesystem::temp_directory_path() / boost::filesystem::unique_path();
  const Image image = picture(state);
  Deviation deviation;
  deviation.seed.image = image;
  deviation.mutant = 255 - image;
  deviation.original_scores = {0.9F, 0.1F};
  deviation.compressed_scores = {0.1F, 0.9F};
  deviation.compressed_label = 1;
  deviation.history.resize(20, {"gaussian_noise", 0.316, "grey levels"});
  const test::FakeModel model(test::brightness(0.5));
  {
    FindingWriter writer(folder.string(), model, model, SeedSet::images({image}), Options());
    std::size_t n = 0;
    for (auto _ : state) {
      deviation.seed.id = std::to_string(n++);
      writer.deviation(deviation);
    }
  }
  boost::filesystem::remove_all(folder);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_finding)->Apply(usual_shapes);

}  // namespace
}  // namespace dflare::bench
