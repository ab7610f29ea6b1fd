#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/repair.hpp"
#include "support/decimal_comma.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"

namespace dflare::test {
namespace {

using repair::Settings;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// A repair whose seed inputs are given by each test.
class TrainingSeeds : public ::testing::Test {
 protected:
  TrainingSeeds() {
    const std::string folder = fresh_folder();
    settings_.original.source = ModelFile{folder + "/a.pt"};
    settings_.compressed.source = ModelFile{folder + "/b.pt"};
    save_cnn(settings_.original.source.path(), 1, 12, 12, 4);
    save_cnn(settings_.compressed.source.path(), 1, 12, 12, 4, 0.5);
    settings_.training = SeedSet::images({picture(12, 12, 1), picture(12, 12, 1, 2)});
    settings_.unseen = SeedSet::images({picture(12, 12, 1, 1)});
    settings_.out = folder + "/out";
  }

  std::string error_of_both() const {
    const std::string dry = message_of<ConfigError>([&] { repair::dry_run(settings_); });
    const std::string wet = message_of<ConfigError>([&] { repair::repair(settings_); });
    EXPECT_EQ(dry, wet);
    EXPECT_FALSE(boost::filesystem::exists(settings_.out)) << "nothing was searched";
    return dry;
  }

  void input(const InputSpec& input) {
    settings_.original.load.input = settings_.compressed.load.input = input;
  }

  Settings settings_;
};

TEST_F(TrainingSeeds, OfOneShapeAreTaken) {
  EXPECT_NO_THROW(repair::dry_run(settings_));
}

TEST_F(TrainingSeeds, AreNotTrainedOnWhereNoModelCanBeSaved) {
  const DecimalComma comma;
  const std::string message = message_of<ModelError>([&] { repair::repair(settings_); });
  EXPECT_THAT(message, HasSubstr("LibTorch saves the numbers of a model in the same way"));
  EXPECT_FALSE(boost::filesystem::exists(settings_.out));
}

TEST_F(TrainingSeeds, OfSeveralSizesAreRefusedByName) {
  settings_.training =
      SeedSet::images({picture(12, 12, 1), picture(12, 13, 1)}, {}, {"one", "other"});
  EXPECT_THAT(error_of_both(), AllOf(HasSubstr("seeds: 'one' is 12 x 12 x 1, 'other' 12 x 13 x 1"),
                                     HasSubstr("repair trains on images of one size"),
                                     HasSubstr("give the original's input size")));
}

TEST_F(TrainingSeeds, OfSeveralChannelsAreRefusedByName) {
  settings_.training =
      SeedSet::images({picture(12, 12, 1), picture(12, 12, 3)}, {}, {"one", "other"});
  EXPECT_THAT(error_of_both(), AllOf(HasSubstr("'other' 12 x 12 x 3"), HasSubstr("color: grey")));
}

TEST_F(TrainingSeeds, ThatDoNotFitTheInputAreNamed) {
  InputSpec grey_of_12;
  grey_of_12.size = {12, 12};
  grey_of_12.channels = 1;
  input(grey_of_12);
  settings_.unseen = SeedSet::images({picture(12, 12, 3)}, {}, {"colourful"});
  EXPECT_THAT(error_of_both(), HasSubstr("unseen: 'colourful': the image has 3 channel(s)"));
  settings_.training =
      SeedSet::images({picture(12, 12, 1), picture(12, 13, 1)}, {}, {"one", "other"});
  EXPECT_THAT(error_of_both(), HasSubstr("seeds: 'other': the image is 12 x 13 x 1"));
}

TEST_F(TrainingSeeds, OfSeveralSizesAreTakenWhereTheyAreResized) {
  InputSpec resized;
  resized.size = {12, 12};
  resized.resize = true;
  input(resized);
  settings_.training = SeedSet::images({picture(12, 12, 1), picture(20, 13, 1)});
  EXPECT_NO_THROW(repair::dry_run(settings_));
}

}  // namespace
}  // namespace dflare::test
