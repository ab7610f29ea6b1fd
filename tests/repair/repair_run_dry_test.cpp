#include "repair/odd_models.hpp"
#include "repair/repair_run.hpp"

namespace dflare::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(RepairRun, ADryRunSaysWhatWasRecognisedAndWritesNothing) {
  const std::string compressed = file("b.pt");
  const Ended ended = run("c.yaml --dry-run");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("weights in 2 tensors of convolutions and linear layers"));
  EXPECT_THAT(ended.output,
              HasSubstr("40 seeds to train on, 20 unseen\n"
                        "One batch of 16 images was trained on a copy: forward, loss, backward, "
                        "optimiser step, file. Nothing is written.\n"));
  EXPECT_EQ(file("b.pt"), compressed);
  EXPECT_FALSE(exists("out"));
}

TEST_F(RepairRun, ADryRunChecksWhereResultsGo) {
  write("plain", "a file");
  write("c.yaml", config().replace(config().find("out: out"), 8, "out: plain/out"));
  expect_error("out: nothing can be written to '" + path("plain/out") + "': '" + path("plain") +
                   "' is no folder; give another",
               "c.yaml --dry-run");
  write("c.yaml", config("", "repaired: nowhere/model.pt\n"));
  expect_error("repaired: there is no folder '" + path("nowhere") + "'", "c.yaml --dry-run");
  EXPECT_FALSE(exists("out"));
}

TEST_F(RepairRun, ADryRunNamesTheModelThatCannotBeTrained) {
  write("c.yaml", config("", "kind: {grid: keep}\n"));
  expect_error("model file '" + path("b.pt") + "': ", "c.yaml --dry-run");
}

/// The line of the error; what came before it is progress.
std::string error_in(const std::string& output) {
  const std::size_t at = output.find("dflare-repair: ");
  return at == std::string::npos ? output : output.substr(at);
}

TEST_F(RepairRun, ADryRunFailsAsTheRunDoesWhereAModelCannotBeTrained) {
  const std::string file_text = "dflare-repair: model file '" + path("b.pt") + "': ";
  std::string without_gradients = config();
  const std::string queries = "search: {queries: 20";
  without_gradients.replace(without_gradients.find(queries), queries.size(),
                            queries + ", path: blend");
  write("c.yaml", without_gradients);
  for (const auto& [save, why] : {std::pair<void (*)(const std::string&), std::string>{
                                      save_detached, "its scores do not depend on its weights"},
                                  {save_without_derivative, "igamma"}}) {
    save(path("b.pt"));
    const Ended dry = run("c.yaml --dry-run"), real = run("c.yaml --progress off");
    EXPECT_EQ(dry.status, 2) << dry.output;
    EXPECT_EQ(real.status, 2) << real.output;
    EXPECT_EQ(error_in(dry.output), error_in(real.output));
    EXPECT_THAT(error_in(dry.output), StartsWith(file_text + "its weights cannot be trained: "));
    EXPECT_THAT(dry.output, HasSubstr(why));
    EXPECT_THAT(dry.output, HasSubstr("; set kind: {approach: corrector}\n"));
  }
}

TEST_F(RepairRun, ADryRunOfACorrectorPassesWhereItsWeightsCannotBeTrained) {
  save_detached(path("b.pt"));
  write("c.yaml", config("", "kind: {approach: corrector}\n"));
  EXPECT_EQ(run("c.yaml --dry-run").status, 0);
}

}  // namespace
}  // namespace dflare::test
