// What a model in a process may do wrong, and what becomes of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/error.hpp"
#include "model/scores_of.hpp"
#include "process/served.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::faulty;
using test::marked;
using test::message_of;
using test::plain;
using test::scores_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

LoadOptions limits(double start, double answer, int memory_mib = 0) {
  LoadOptions options;
  options.limits = {start, answer, memory_mib};
  return options;
}

struct Fault {
  std::string name;
  std::vector<std::string> says;  ///< the message
  LoadOptions options = limits(60, 60);
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

std::string name_of(const testing::TestParamInfo<Fault>& info) {
  std::string name;
  for (const char c : info.param.name) name += c == ' ' ? '_' : c;
  return name;
}

void expect_said(const std::string& message, const Fault& fault) {
  EXPECT_THAT(message,
              AllOf(HasSubstr("model '"), HasSubstr("faulty_child.py"), Not(HasSubstr("\n"))));
  for (const std::string& part : fault.says) EXPECT_THAT(message, HasSubstr(part));
}

class FaultOfABatch : public test::NeedsPython, public testing::WithParamInterface<Fault> {};

TEST_P(FaultOfABatch, CostsThatBatchAlone) {
  const Fault& fault = GetParam();
  const auto model = faulty({fault.name}, fault.options);
  const ImageBatch bad({plain(), marked(), plain(1)}), good({plain(), plain(1)});
  const std::vector<float> scores = scores_of(*model, good);
  for (int time = 0; time < 2; ++time) {
    expect_said(message_of<ModelError>([&] { model->predict(bad); }), fault);
    EXPECT_EQ(scores_of(*model, good), scores);
  }
}

const std::string asked = ", asked about 3 image(s)";
const std::string broke = "its process broke the protocol: ";

INSTANTIATE_TEST_SUITE_P(
    Process, FaultOfABatch,
    testing::Values(
        Fault{"killed", {"its process was killed by signal 9 (SIGKILL)" + asked}},
        Fault{"crashes", {"its process was killed by signal 11 (SIGSEGV)" + asked}},
        Fault{"exits",
              {"its process ended with exit status 3" + asked, "it printed last: 'cannot go on'"}},
        Fault{"hangs",
              {"its process did not answer within 1 s (limits: answer_seconds)" + asked,
               "raise the limit"},
              limits(60, 1)},
        Fault{"few rows",
              {"its process answered 2 x 4 scores, expected images x classes = 3 x 4" + asked}},
        Fault{"other classes",
              {"its process answered 3 x 5 scores, expected images x classes = 3 x 4" + asked}},
        Fault{"garbage",
              {broke + "it wrote 'scores: 1, 2, 3', expected one line of JSON" + asked,
               "docs/process.md"}},
        Fault{"no answer",
              {broke + "its answer: unknown key 'socres'; known are: batch, scores, error"}},
        Fault{"other batch",
              {broke + "its answer: it is to batch 0, but the child was asked about batch"}},
        Fault{"endless", {broke + "it wrote", "bytes without an end of line"}},
        Fault{"closes", {"its process closed its end of the connection" + asked}},
        Fault{"memory",
              {"its process used more than 200 MiB (limits: memory_mib)" + asked},
              limits(60, 60, 200)},
        Fault{"error", {"': ValueError: the image is too dark"}}),
    name_of);

class FaultAtStart : public test::NeedsPython, public testing::WithParamInterface<Fault> {};

TEST_P(FaultAtStart, IsNoModel) {
  const Fault& fault = GetParam();
  expect_said(message_of<ModelError>([&] { faulty({fault.name}, fault.options); }), fault);
}

INSTANTIATE_TEST_SUITE_P(
    Process, FaultAtStart,
    testing::Values(Fault{"exits at start",
                          {"its process ended with exit status 4 before it said hello",
                           "it printed last: 'no such weights'"}},
                    Fault{"hangs at start",
                          {"its process did not say hello within 1 s (limits: start_seconds)"},
                          limits(1, 60)},
                    Fault{"memory at start",
                          {"its process used more than 200 MiB (limits: memory_mib)"},
                          limits(60, 60, 200)},
                    Fault{"garbage at start",
                          {broke + "it wrote 'ready!', expected one line of JSON"}},
                    Fault{"no object at start", {broke + "its hello: [1,2], expected an object"}},
                    Fault{"error at start", {"': the weights are of another network"}}),
    name_of);

struct WrongHello {
  std::string hello, says;
};

class ProcessFaults : public test::NeedsPython {};

TEST_F(ProcessFaults, WrongHellos) {
  const std::string input = R"("input": {"element": "uint8"})";
  for (
      const WrongHello& wrong : std::vector<WrongHello>{
          {"{}", "its hello: the key 'dflare' is missing"},
          {R"({"dflare": 2})", "version 2 of the protocol, this dflare version 1"},
          {R"({"dflare": 1})", "the key 'runtime' is missing"},
          {R"({"dflare": 1, "runtime": 3})", "'runtime' is 3, expected a text"},
          {R"({"dflare": 1, "runtime": "r"})", "the key 'input' is missing"},
          {R"({"dflare": 1, "runtime": "r", "input": {}})",
           "input of its hello: the key 'element' is missing"},
          {R"({"dflare": 1, "runtime": "r", "input": {"element": "int4"}})",
           "'element' is \"int4\", expected one of: float32, uint8, int8"},
          {R"({"dflare": 1, "runtime": "r", "input": {"element": "int8", "height": 3}})",
           "only one of height and width"},
          {R"({"dflare": 1, "runtime": "r", "output": "labels", )" + input + "}",
           "'output' is \"labels\", expected one of: auto, logits, probabilities, sigmoid"},
          {R"({"dflare": 1, "runtime": "r", "input": {"element": "int8", "scale": 0}})",
           "'scale' is 0, expected a number above 0"},
          {R"({"dflare": 1, "runtime": "r", "input": {"element": "int8", "zero_point": 1}})",
           "'zero_point' is given without 'scale'"},
          {R"({"dflare": 1, "runtime": "r", "input": {"element": "float32", "scale": 1}})",
           "'scale' is given, but the element is float32"},
          {R"({"dflare": 1, "runtime": "r", "input": {"element": "int8", "scale": 1, "zero_point": 18446744073709551615}})",
           "'zero_point' is 18446744073709551615, expected a whole number from -128 to 127"},
          {R"({"dflare": 1, "runtime": "r", "input": {"element": "int8", "scale": 1e308}})",
           "'scale' is 1e+308, expected a number above 0"},
          {R"({"dflare": 1, "runtime": "r", "input": {"element": "uint8", "scale": 1, "zero_point": -1}})",
           "'zero_point' is -1, expected a whole number from 0 to 255"},
          {R"({"dflare": 1, "runtime": "r", "classes": -1, )" + input + "}",
           "'classes' is -1, expected a whole number from 0"},
          {R"({"dflare": 1, "runtime": "r", "classes": 2.5, )" + input + "}",
           "'classes' is 2.5, expected a whole number"},
          {R"({"dflare": 1, "runtime": "r", "score_step": -1, )" + input + "}",
           "'score_step' is -1, expected a number of at least 0"},
          {R"({"dflare": 1, "runtime": "r", "ouput": "logits", )" + input + "}",
           "unknown key 'ouput'"},
      }) {
    EXPECT_THAT(message_of<ModelError>([&] {
                  faulty({"hello", wrong.hello});
                }),
                AllOf(HasSubstr("broke the protocol"), HasSubstr(wrong.says)));
  }
}

TEST_F(ProcessFaults, RowsOfNanArePassedOn) {
  const auto model = faulty({"nan"});
  const Scores scores = model->predict(ImageBatch({plain(), marked()}));
  EXPECT_TRUE(scores.finite(0));
  EXPECT_FALSE(scores.finite(1));
}

TEST_F(ProcessFaults, ScoresThatWereNotWrittenAreNoScores) {
  const Scores scores = faulty({"unwritten"})->predict(ImageBatch({plain(), marked()}));
  EXPECT_FALSE(scores.finite(0));
  EXPECT_FALSE(scores.finite(1));
}

TEST_F(ProcessFaults, MessagesThatNobodyAskedFor) {
  const auto model = faulty({"twice"});
  const std::vector<float> scores = scores_of(*model, ImageBatch({marked(), plain()}));
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(plain()); }),
              HasSubstr("broke the protocol"));
  EXPECT_EQ(scores_of(*model, ImageBatch({marked(), plain()})), scores);
}

TEST_F(ProcessFaults, GivenUpWhenItCannotBeStartedAgain) {
  const auto model = faulty({"starts once", test::fresh_folder() + "/state"});
  const auto replica = model->replicate(), other = model->replicate();
  EXPECT_NO_THROW(model->predict(plain()));
  const auto message = [](Model& m) { return message_of<ModelError>([&] { m.predict(plain()); }); };
  EXPECT_THAT(message(*replica), AllOf(HasSubstr("ended with exit status 1 before it said hello"),
                                       HasSubstr("once is enough"), Not(HasSubstr("given up"))));
  EXPECT_NO_THROW(model->predict(plain()));
  EXPECT_THAT(message(*replica), HasSubstr("before it said hello"));
  for (Model* m : {&*model, &*replica, &*other}) {
    EXPECT_THAT(message(*m), AllOf(HasSubstr("could not be started 2 times in a row, given up"),
                                   HasSubstr("once is enough")));
  }
}

TEST_F(ProcessFaults, GivenUpAfterTwentyFailuresInARow) {
  const auto model = faulty({"killed"});
  const auto replica = model->replicate();
  const auto message = [](Model& m, const Image& image) {
    return message_of<ModelError>([&] { m.predict(image); });
  };
  for (int i = 0; i < 3; ++i) EXPECT_THAT(message(*model, marked()), Not(HasSubstr("given up")));
  EXPECT_NO_THROW(replica->predict(plain()));
  for (int i = 0; i < 20; ++i) EXPECT_THAT(message(*model, marked()), Not(HasSubstr("given up")));
  for (Model* m : {&*model, &*replica}) {
    EXPECT_THAT(message(*m, plain()),
                AllOf(HasSubstr("failed 20 times in a row, given up"), HasSubstr("SIGKILL")));
  }
}

TEST_F(ProcessFaults, AnotherModelBehindTheSameCommandIsRefused) {
  const auto model = faulty({"changes", test::fresh_folder() + "/state"});
  const auto replica = model->replicate();
  EXPECT_THAT(message_of<ModelError>([&] { replica->predict(plain()); }),
              AllOf(HasSubstr("do not say the same of themselves"), HasSubstr("Faulty 1.0"),
                    HasSubstr("Faulty 1.1")));
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(plain()); }),
              HasSubstr("do not say the same of themselves"));
}

}  // namespace
}  // namespace dflare
