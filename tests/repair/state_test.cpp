#include "training/state.hpp"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "dflare/error.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::repair {
namespace {

using test::message_of;
using ::testing::AllOf;
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
  state.validation_findings = {{test::picture(6, 4, 1), 0, 0.3}};
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
  ASSERT_EQ(after.validation_findings.size(), 1U);
  EXPECT_TRUE(
      same_pixels(after.validation_findings[0].mutant, before.validation_findings[0].mutant));
  EXPECT_EQ(after.validation_findings[0].label, 0);
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

TEST(RepairState, KeepsInfinityAndEveryTypeOfNumbers) {
  const std::string file = test::fresh_folder() + "/state.bin";
  State state = some_state();
  state.best = std::numeric_limits<double>::infinity();
  state.repair_now.clear();
  for (const at::ScalarType type : {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16, at::kByte,
                                    at::kChar, at::kShort, at::kInt, at::kLong, at::kBool})
    state.repair_now.push_back(at::ones({2}, type));
  save_state(file, "key", state);
  const State after = load_state(file, "key");
  EXPECT_EQ(after.best, state.best);
  ASSERT_EQ(after.repair_now.size(), state.repair_now.size());
  for (std::size_t i = 0; i < state.repair_now.size(); ++i) {
    EXPECT_EQ(after.repair_now[i].scalar_type(), state.repair_now[i].scalar_type()) << i;
    EXPECT_TRUE(at::equal(after.repair_now[i], state.repair_now[i])) << i;
  }
}

TEST(RepairState, OfAnotherFormatIsRefusedWithWhatToDo) {
  const std::string file = test::fresh_folder() + "/state.bin";
  save_state(file, "key", some_state());
  const std::string whole = read_file(file);
  for (const std::string number : {"1", "3"}) {
    write_file(file, "dflare state " + number + whole.substr(whole.find('\n')));
    EXPECT_EQ(message_of<ConfigError>([&] { load_state(file, "key"); }),
              file + ": another version of dflare wrote this state: its format is " + number +
                  ", this version reads 2; go on with that version, or run without --resume to "
                  "begin anew");
  }
}

/// A saved state in which a text is another one.
class ChangedState : public ::testing::Test {
 protected:
  ChangedState() : file_(test::fresh_folder() + "/state.bin") {
    State state = some_state();
    state.repair_now = {at::zeros({2, 3}), at::zeros({0, 4})};
    save_state(file_, "key", state);
    EXPECT_EQ(load_state(file_, "key").repair_now.at(1).sizes(), at::IntArrayRef({0, 4}));
    whole_ = read_file(file_);
  }

  std::string with(const std::string& old, const std::string& other) const {
    EXPECT_NE(whole_.find(old), std::string::npos) << old;
    std::string bytes = whole_;
    return bytes.replace(bytes.find(old), old.size(), other);
  }
  void expect_refused(const std::string& bytes, const std::string& why) const {
    write_file(file_, bytes);
    EXPECT_THAT(message_of<ConfigError>([&] { load_state(file_, "key"); }),
                AllOf(HasSubstr(file_ + ": this is no state of a repair, or a damaged one (" + why),
                      HasSubstr("run without --resume")));
  }

  std::string file_, whole_;
};

TEST_F(ChangedState, NamesTheFieldThatIsMissing) {
  for (const char* name :
       {"fingerprint", "rounds", "best_round", "control_best_round", "best", "control_best",
        "learning_rate", "finished", "repair_now", "repair_best", "control_now",
        "control_best_weights", "findings", "validation_findings"}) {
    std::string bytes = whole_;
    const std::size_t header = bytes.find('\n') + 1, end = bytes.find('\n', header);
    nlohmann::json fields = nlohmann::json::parse(bytes.substr(header, end - header));
    ASSERT_EQ(fields.erase(name), 1U) << name;
    expect_refused(bytes.replace(header, end - header, fields.dump()),
                   std::string(name) + ": it is missing");
  }
  expect_refused(with("\"control_validation\":", "\"x\":"),
                 "rounds[0].control_validation: it is missing");
  expect_refused(with("\"type\":\"float32\"", "\"x\":0"),
                 "control_best_weights[0].type: it is missing");
  expect_refused(with("\"channels\":3", "\"x\":3"), "findings[0].channels: it is missing");
}

TEST_F(ChangedState, NamesTheFieldOfAWrongType) {
  expect_refused(with("\"finished\":true", "\"finished\":1"), "finished: ");
  expect_refused(with("\"best_round\":1", "\"best_round\":1.5"),
                 "best_round: it is 1.5, expected a whole number");
  expect_refused(with("\"number\":1", "\"number\":\"1\""), "rounds[1].number: ");
  expect_refused(with("\"label\":2", "\"label\":-2"),
                 "findings[0].label: it is -2, expected null, or 0 or more");
  expect_refused(with("\"rounds\":[", "\"rounds\":7,\"x\":["), "rounds: it is 7, expected a list");
  expect_refused(with("\"type\":\"float32\"", "\"type\":\"float7\""),
                 "control_best_weights[0].type: unknown type of numbers");
  expect_refused(with("{\"sizes\":[2,3],\"type\":\"float32\"}", "7"),
                 "repair_now[0]: it is 7, expected fields with names");
}

TEST_F(ChangedState, SizesAreComparedWithTheData) {
  expect_refused(whole_ + "x", "more data than it says");
  expect_refused(whole_.substr(0, whole_.size() - 1),
                 "validation_findings[0]: sizes that its data do not have");
  expect_refused(with("\"channels\":3", "\"channels\":4"),
                 "findings[0].channels: it is 4, expected 1 or 3");
  expect_refused(with("\"rows\":5", "\"rows\":-5"), "findings[0].rows: it is -5, expected 1 to");
  expect_refused(with("\"cols\":7", "\"cols\":65537"), "findings[0].cols: it is 65537");
  expect_refused(with("\"cols\":7", "\"cols\":65536"),
                 "findings[0]: sizes that its data do not have");
  expect_refused(with("\"best_round\":1", "\"best_round\":99"),
                 "best_round: a best round that is none");
  expect_refused(with("\"number\":1", "\"number\":2"), "rounds[1].number: rounds out of order");
  expect_refused(with("\"rounds\":[", "\"rounds\":[[[[[[[[[[[[[[],"), "");
  const std::string sizes = "[2,3]";
  for (const char* beyond : {"[2,4000]", "[4294967296,4294967296]", "[9223372036854775807,1]"})
    expect_refused(with(sizes, beyond), "repair_now[0].sizes: sizes that its data do not have");
  expect_refused(with(sizes, "[-2,-3]"), "repair_now[0].sizes: sizes below 0");
  expect_refused(with(sizes, "[2,3,1e300]"), "repair_now[0].sizes: ");
  for (const char* other : {"[2,4]", "[2,2]", "[9223372036854775807,0]", "[]"})
    expect_refused(with(sizes, other), "");
}

}  // namespace
}  // namespace dflare::repair
