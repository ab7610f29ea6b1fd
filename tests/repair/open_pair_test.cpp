#include "setup/open_pair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"
#include "support/images.hpp"
#include "support/torch_models.hpp"

namespace dflare::repair {
namespace {

using ::testing::ElementsAre;

constexpr int side = 12;

/// Two pictures from `first` on, and something that was left out.
class Remarking : public SeedSource {
 public:
  Remarking(int first, std::string remark) : first_(first), remark_(std::move(remark)) {}

  std::size_t size() const override { return 2; }
  Image load(std::size_t position) const override {
    return test::picture(side, side, 1, first_ + static_cast<int>(position));
  }
  std::optional<int> label(std::size_t) const override { return std::nullopt; }
  std::string id(std::size_t position) const override { return std::to_string(position); }
  std::string name() const override { return "pictures"; }
  std::vector<std::string> remarks() const override { return {remark_}; }

 private:
  int first_;
  std::string remark_;
};

SeedSet remarking(int first, const std::string& remark) {
  return SeedSet(std::make_shared<Remarking>(first, remark));
}

TEST(OpenPair, SaysWhatIsLeftOutOfEachSeedSet) {
  const std::string folder = test::fresh_folder();
  Settings settings;
  settings.original.source = ModelFile{folder + "/a.pt"};
  settings.compressed.source = ModelFile{folder + "/b.pt"};
  test::save_cnn(settings.original.source.path(), 1, side, side, 4);
  test::save_cnn(settings.compressed.source.path(), 1, side, side, 4, 0.5);
  settings.out = folder + "/out";
  settings.training = remarking(0, "20 images in sub-folders are left out");
  settings.unseen = remarking(10, "take 500: there are 2");
  settings.test = remarking(20, "a file beside the class folders is left out");
  EXPECT_THAT(
      open_pair(settings).remarks,
      ElementsAre("seeds: 20 images in sub-folders are left out", "unseen: take 500: there are 2",
                  "test: a file beside the class folders is left out"));
}

}  // namespace
}  // namespace dflare::repair
