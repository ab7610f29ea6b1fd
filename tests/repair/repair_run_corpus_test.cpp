#include "repair/repair_run.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(RepairRun, FindingsOfAnotherRunAreACorpus) {
  ASSERT_EQ(run().status, 0);
  fs::rename(path("out"), path("first"));
  const std::size_t found = json("first/report.json").at("rounds").at(0).at("findings");
  write("c.yaml", config("", "corpus: first/findings\n"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, Not(HasSubstr("searching the training seeds")));
  EXPECT_EQ(report().at("rounds").at(0).at("findings"), found);
  EXPECT_FALSE(exists("out/findings"));
  EXPECT_EQ(file("out/repaired.pt"), file("first/repaired.pt"));
}

TEST_F(RepairRun, AWrongCorpusIsAnError) {
  ASSERT_EQ(run().status, 0);
  fs::rename(path("out"), path("first"));

  write("c.yaml", config("", "corpus: nowhere\n"));
  expect_error("there is no folder '" + path("nowhere") + "'");

  fs::create_directory(path("empty"));
  write("c.yaml", config("", "corpus: empty\n"));
  expect_error("corpus '" + path("empty") + "': no finding is in it");

  write("c.yaml", config("", "corpus: first/unseen\n"));
  expect_error("was made from an image of unseen; a re-test on it would say nothing");

  write("c.yaml", config("", "corpus: first/findings\n"));
  save_cnn(path("b.pt"), 1, size, size, classes, 0.4);
  expect_error("this finding was made with another compressed model: ");
  expect_error("give a corpus of this pair", "c.yaml --dry-run");
  for (const auto& entry : fs::directory_iterator(path("first/findings"))) {
    if (!fs::is_directory(entry.path())) continue;
    std::ofstream((entry.path() / "finding.json").string()) << "{";
    break;
  }
  expect_error("finding.json");
}

}  // namespace
}  // namespace dflare::test
