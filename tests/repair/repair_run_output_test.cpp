#include "repair/repair_run.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(RepairRun, TheCompressedFileIsReplacedOnlyWhereThatIsAskedFor) {
  write("c.yaml", config("", "repaired: b.pt\n"));
  const std::string compressed = file("b.pt");
  expect_error(
      "is the compressed model's own file; expected another file, or set "
      "overwrite_input: true");
  write("c.yaml", config("", "repaired: a.pt\noverwrite_input: true\n"));
  expect_error("is the original's file, which is never written");
  EXPECT_EQ(file("b.pt"), compressed);

  write("c.yaml", config("", "repaired: b.pt\noverwrite_input: true\n"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_NE(file("b.pt"), compressed);
  EXPECT_EQ(load(path("b.pt"))->info().sha256, report().at("repaired").at("sha256"));
  EXPECT_FALSE(exists("out/repaired.pt"));
}

TEST_F(RepairRun, OutputThatCannotBeWrittenIsAnErrorBeforeTheSearch) {
  for (const char* more : {"repaired: nowhere/r.pt\n", "repaired: a.pt/r.pt\n"}) {
    write("c.yaml", config("", more));
    const Ended ended = run();
    EXPECT_EQ(ended.status, 2) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("cannot write '"));
    EXPECT_THAT(ended.output, HasSubstr("/r.pt'"));
    EXPECT_THAT(ended.output, Not(HasSubstr("searching")));
  }
  write("c.yaml", config());
  const Ended ended = run("c.yaml --out=a.pt/out");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("out: the folder '" + path("a.pt/out") + "' cannot be made"));
}

TEST_F(RepairRun, AFullDiskLeavesNoModel) {
  write("c.yaml", config("", "repaired: sub/repaired.pt\n"));
  fs::create_directory(path("sub"));
  for (const char* blocks : {"0", "1", "4", "8"}) {  // of 1024 bytes; the model has more of them
    const Ended ended =
        run_in(folder_, std::string("bash -c \"trap '' XFSZ; ulimit -f ") + blocks + "; exec " +
                            DFLARE_REPAIR_PROGRAM + " c.yaml --quiet\"");
    EXPECT_EQ(ended.status, 2) << blocks << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("dflare-repair: cannot write ")) << blocks;
    EXPECT_THAT(ended.output, HasSubstr("File too large")) << blocks;
    EXPECT_TRUE(fs::is_empty(path("sub"))) << blocks;
    for (const auto& entry : fs::directory_iterator(path("out")))
      EXPECT_THAT(entry.path().filename().string(), Not(StartsWith(".dflare"))) << blocks;
  }
}

TEST_F(RepairRun, WhereTheReportCannotBeWrittenThereIsNoModel) {
  fs::create_directories(path("out/report.txt/x"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("cannot write '" + path("out") + "/report.txt'"));
  EXPECT_FALSE(exists("out/repaired.pt"));
  // What took long is still there.
  EXPECT_TRUE(exists("out/state.bin"));
  fs::remove_all(path("out/report.txt"));
  const Ended again = run("c.yaml --resume");
  EXPECT_EQ(again.status, 0) << again.output;
  EXPECT_THAT(again.output, Not(HasSubstr("training, round")));
  EXPECT_TRUE(exists("out/repaired.pt"));
}

TEST_F(RepairRun, FindingsOfAnEarlierRunDoNotPassForThisOnes) {
  ASSERT_EQ(run().status, 0);
  const auto folders = [this] {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(path("out/unseen")))
      count += fs::is_directory(entry.path());
    return count;
  };
  ASSERT_GT(folders(), 0);
  std::string text = config();
  const std::string worst = "worst_queries: 20";
  write("c.yaml", text.replace(text.find(worst), worst.size(), "worst_queries: 0"));
  ASSERT_EQ(run().status, 0);
  EXPECT_EQ(folders(), 0);
}

}  // namespace
}  // namespace dflare::test
