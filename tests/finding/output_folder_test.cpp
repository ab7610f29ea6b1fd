// What the writer does to a folder that holds something already, or cannot be written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <set>

#include "finding/fakes.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class OutputFolder : public testing::Test {
 protected:
  Pair pair_;
  const std::string out_ = fresh_folder();

  std::unique_ptr<FindingWriter> writer(const std::string& folder) {
    return std::make_unique<FindingWriter>(folder, pair_.original, pair_.compressed, some_seeds(),
                                           Options());
  }
  std::string error(const std::string& folder) {
    return message_of<FindingError>([&] { writer(folder); });
  }
  void put(const std::string& path, const std::string& content) const {
    fs::create_directories((fs::path(out_) / path).parent_path());
    write_atomically((fs::path(out_) / path).string(), content);
  }
  bool has(const std::string& path) const { return fs::exists(fs::path(out_) / path); }
};

TEST_F(OutputFolder, LosesTheFindingsOfAnEarlierRun) {
  {
    auto earlier = writer(out_);
    earlier->deviation(deviation_of("1"));
    earlier->deviation(deviation_of("2"));
    earlier->failure({0, "3", picture(8, 8, 1), "failed"});
  }
  ASSERT_TRUE(has("failures/3/image.png"));
  auto later = writer(out_);
  later->deviation(deviation_of("2"));
  EXPECT_FALSE(has("1"));
  EXPECT_TRUE(has("2/finding.json"));
  EXPECT_FALSE(has("failures"));
}

TEST_F(OutputFolder, LosesWhatAnInterruptedRunLeftHalfWritten) {
  put(".dflare-writing-17/seed.png", "half");
  writer(out_)->deviation(deviation_of("17"));
  EXPECT_FALSE(has(".dflare-writing-17"));
  EXPECT_TRUE(has("17/finding.json"));
}

TEST_F(OutputFolder, KeepsEverythingThatIsNotDflares) {
  const std::vector<std::string> files = {
      "notes.txt",           "mine/notes.txt",          "other/finding.json",
      "broken/finding.json", "failures/mine/image.png", "failures/theirs/message.txt",
      "deep/17/finding.json"};
  for (const std::string& file : files) put(file, "not dflare's");
  put("other/finding.json", R"({"dflare": 1, "dflare_finding": "a word"})");
  put("deep/17/finding.json", R"({"dflare_finding": 1})");
  writer(out_)->deviation(deviation_of("17"));
  for (const std::string& file : files) EXPECT_TRUE(has(file)) << file;
}

TEST_F(OutputFolder, KeepsWhatAUserAddedToAFailure) {
  writer(out_)->failure({0, "3", picture(8, 8, 1), "failed"});
  put("failures/3/why.txt", "my explanation");
  writer(out_);
  EXPECT_FALSE(has("failures/3/image.png"));
  EXPECT_FALSE(has("failures/3/message.txt"));
  EXPECT_TRUE(has("failures/3/why.txt"));
}

TEST_F(OutputFolder, KeepsFindingsThatAreOnlyLinkedTo) {
  const std::string elsewhere = fresh_folder("elsewhere");
  writer(elsewhere)->deviation(deviation_of("17"));
  fs::create_directory_symlink(elsewhere + "/17", out_ + "/linked");
  writer(out_);
  EXPECT_TRUE(fs::exists(elsewhere + "/17/finding.json"));
  EXPECT_TRUE(has("linked/finding.json"));
}

TEST_F(OutputFolder, IsRefusedWithARunFileOfSomebodyElse) {
  for (const char* content : {"{}", "no JSON", R"({"dflare_run": "one"})"}) {
    put("run.json", content);
    EXPECT_THAT(error(out_),
                AllOf(HasSubstr(out_ + "/run.json"), HasSubstr("not written by dflare"),
                      HasSubstr("another folder")));
    EXPECT_EQ(read_file(out_ + "/run.json"), content);
  }
}

TEST_F(OutputFolder, IsRefusedBelowAFile) {
  put("file", "");
  EXPECT_THAT(error(out_ + "/file/out"),
              AllOf(HasSubstr(out_ + "/file/out"), HasSubstr("another folder (option out)")));
  EXPECT_THAT(error(out_ + "/file"), HasSubstr("cannot write findings to '" + out_ + "/file'"));
}

TEST_F(OutputFolder, IsRefusedIfItCannotBeWritten) {
  // Nobody, not even root, may write there.
  EXPECT_THAT(error("/proc/dflare"),
              AllOf(HasSubstr("'/proc/dflare'"), HasSubstr("make this one writable")));
  EXPECT_THAT(error("/proc"), AllOf(HasSubstr("'/proc'"), HasSubstr("make this one writable")));
}

TEST_F(OutputFolder, MustHaveAName) {
  EXPECT_THAT(error(""), AllOf(HasSubstr("no folder is named"), HasSubstr("option out")));
}

TEST_F(OutputFolder, ThatVanishesIsReported) {
  auto open = writer(out_);
  fs::remove_all(out_);
  write_atomically(out_, "a file in its place");
  const auto expected = AllOf(HasSubstr("'" + out_ + "'"), HasSubstr("another folder"));
  EXPECT_THAT(message_of<FindingError>([&] { open->deviation(deviation_of("17")); }), expected);
  EXPECT_THAT(message_of<FindingError>([&] { open->failure({0, "3", Image(), "x"}); }), expected);
  EXPECT_THAT(message_of<FindingError>([&] { open->finish({}); }), expected);
  fs::remove(out_);
}

TEST_F(OutputFolder, TakesEachSeedIdOnce) {
  auto open = writer(out_);
  open->deviation(deviation_of("17"));
  EXPECT_THAT(message_of<FindingError>([&] { open->deviation(deviation_of("17")); }),
              AllOf(HasSubstr("seed input '17'"), HasSubstr(out_ + "/17"),
                    HasSubstr("there already"), HasSubstr("id of its own")));
}

TEST_F(OutputFolder, DoesNotReplaceAFolderOfSomebodyElse) {
  put("17/notes.txt", "mine");
  auto open = writer(out_);
  EXPECT_THAT(message_of<FindingError>([&] { open->deviation(deviation_of("17")); }),
              HasSubstr("there already"));
  EXPECT_FALSE(has("17/finding.json"));
  EXPECT_TRUE(has("17/notes.txt"));
}

TEST_F(OutputFolder, HasAFolderOfItsOwnForEverySeedId) {
  auto open = writer(out_);
  const std::vector<std::string> ids = {"run.json",
                                        "%72un.json",
                                        "failures",
                                        "report.html",
                                        "report.json",
                                        "cats/a b.png",
                                        "cats",
                                        "..",
                                        ".",
                                        "",
                                        std::string(300, 'x'),
                                        std::string(300, 'x') + "y"};
  std::set<std::string> folders;
  for (const std::string& id : ids) {
    open->deviation(deviation_of(id));
    const fs::path folder = open->folder_of(id);
    EXPECT_TRUE(fs::exists(folder / "finding.json")) << id;
    EXPECT_EQ(folder.parent_path(), fs::path(out_)) << id;
    folders.insert(folder.string());
  }
  EXPECT_EQ(folders.size(), ids.size());
  open->failure({0, "run.json", Image(), "x"});
  open->finish({});
  EXPECT_TRUE(fs::is_regular_file(out_ + "/run.json"));
  for (const char* taken : {"failures/finding.json", "report.html", "report.json"})
    EXPECT_FALSE(has(taken)) << taken;
}

}  // namespace
}  // namespace dflare::test
