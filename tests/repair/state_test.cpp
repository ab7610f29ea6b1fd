#include "training/state.hpp"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "dflare/error.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::repair {
namespace {

using test::message_of;
using ::testing::HasSubstr;

State some_state() {
  State state;
  Round before, first;
  before.validation = 0.5;
  first.number = 1;
  first.findings = 3;
  first.new_findings = 3;
  first.loss = 0.1;
  first.validation = 0.2;
  first.control_validation = 0.3;
  first.validation_disagreements = 7;
  first.seconds = 1.5;
  state.rounds = {before, first};
  state.best_round = 1;
  state.best = 0.2;
  state.control_best = 0.5;
  state.learning_rate = 0.003;
  state.repair_now = {at::arange(6, at::kFloat).view({2, 3})};
  state.repair_best = {at::ones({2})};
  state.control_now = {at::zeros({3})};
  state.control_best_weights = {at::full({1}, 2.0)};
  state.findings = {{test::picture(5, 7, 3), 2, 0.4}, {test::picture(5, 7, 1), {}, 0.1}};
  state.finished = true;
  return state;
}

TEST(RepairState, ComesBackAsItWas) {
  const std::string file = test::fresh_folder() + "/state.bin";
  const State before = some_state();
  save_state(file, "key", before);
  const State after = load_state(file, "key");
  ASSERT_EQ(after.rounds.size(), 2U);
  EXPECT_EQ(after.rounds[1].number, 1);
  EXPECT_EQ(after.rounds[1].findings, 3U);
  EXPECT_EQ(after.rounds[1].new_findings, 3U);
  EXPECT_EQ(after.rounds[1].loss, 0.1);
  EXPECT_EQ(after.rounds[1].validation, 0.2);
  EXPECT_EQ(after.rounds[1].control_validation, 0.3);
  EXPECT_EQ(after.rounds[1].validation_disagreements, 7U);
  EXPECT_EQ(after.rounds[1].seconds, 1.5);
  EXPECT_EQ(after.best_round, 1);
  EXPECT_EQ(after.control_best_round, 0);
  EXPECT_EQ(after.best, 0.2);
  EXPECT_EQ(after.control_best, 0.5);
  EXPECT_EQ(after.learning_rate, 0.003);
  EXPECT_TRUE(after.finished);
  EXPECT_TRUE(at::equal(after.repair_now.at(0), before.repair_now[0]));
  EXPECT_TRUE(at::equal(after.repair_best.at(0), before.repair_best[0]));
  EXPECT_TRUE(at::equal(after.control_now.at(0), before.control_now[0]));
  EXPECT_TRUE(at::equal(after.control_best_weights.at(0), before.control_best_weights[0]));
  ASSERT_EQ(after.findings.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(same_pixels(after.findings[i].mutant, before.findings[i].mutant)) << i;
    EXPECT_EQ(after.findings[i].label, before.findings[i].label) << i;
    EXPECT_EQ(after.findings[i].regret, before.findings[i].regret) << i;
  }
}

TEST(RepairState, OfOtherSettingsIsRefused) {
  const std::string file = test::fresh_folder() + "/state.bin";
  save_state(file, "key", some_state());
  const std::string message = message_of<ConfigError>([&] { load_state(file, "other"); });
  EXPECT_THAT(message, HasSubstr(file));
  EXPECT_THAT(message, HasSubstr("another dflare, other settings, models or seeds"));
}

TEST(RepairState, ThatIsDamagedIsRefused) {
  const std::string file = test::fresh_folder() + "/state.bin";
  save_state(file, "key", some_state());
  const std::string whole = read_file(file);
  for (const std::string& bytes : {std::string("no state"), whole.substr(0, whole.size() / 2)}) {
    write_file(file, bytes);
    EXPECT_THAT(message_of<ConfigError>([&] { load_state(file, "key"); }),
                HasSubstr("this is no state of a repair, or a damaged one"));
  }
}

TEST(RepairState, SizesAreComparedWithTheData) {
  const std::string file = test::fresh_folder() + "/state.bin";
  State state = some_state();
  state.repair_now = {at::zeros({2, 3}), at::zeros({0, 4})};
  save_state(file, "key", state);
  EXPECT_EQ(load_state(file, "key").repair_now.at(1).sizes(), at::IntArrayRef({0, 4}));
  const std::string whole = read_file(file);
  const auto with = [&](const std::string& old, const std::string& other) {
    EXPECT_NE(whole.find(old), std::string::npos) << old;
    std::string bytes = whole;
    return bytes.replace(bytes.find(old), old.size(), other);
  };
  const std::string sizes = "[0,[2,3]]", image = "[5,7,3,2,";
  std::vector<std::string> hostile = {whole + "x",
                                      whole.substr(0, whole.size() - 1),
                                      with(image, "[5,7,4,2,"),
                                      with(image, "[-5,-7,3,2,"),
                                      with(image, "[65536,65536,3,2,"),
                                      with("\"rounds\":[", "\"rounds\":[[[[[[[[[[[[[[],"),
                                      with("\"best_round\":1", "\"best_round\":99")};
  for (const char* other :
       {"[0,[2,4]]", "[0,[-2,-3]]", "[0,[4294967296,4294967296]]", "[0,[9223372036854775807,0]]",
        "[0,[2,3,1e300]]", "[99,[2,3]]", "[-1,[2,3]]", "[1,[2,3]]", "[0,[2,2]]", "[0]", "7"})
    hostile.push_back(with(sizes, other));
  for (const std::string& bytes : hostile) {
    write_file(file, bytes);
    EXPECT_THAT(message_of<ConfigError>([&] { load_state(file, "key"); }),
                HasSubstr("this is no state of a repair, or a damaged one"));
  }
}

}  // namespace
}  // namespace dflare::repair
