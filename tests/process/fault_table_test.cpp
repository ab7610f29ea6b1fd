// dflare-test on a pair whose compressed model fails on one seed input: what was found is kept, the
// picture is saved, and the message and the exit status say what happened.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <thread>

#include "dflare/image.hpp"
#include "gtest_plugin/runner_fixture.hpp"
#include "process/served.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* bad_seed = "05.png";

class FaultTable : public RunnerTest {
 protected:
  FaultTable() {
    fs::create_directory(path("twelve"));
    for (int i = 0; i < 12; ++i) {
      const std::string name = (i < 10 ? "0" : "") + std::to_string(i) + ".png";
      write_png(path("twelve/" + name), name == bad_seed ? marked(i) : plain(i));
    }
  }

  void SetUp() override {
    if (std::string(DFLARE_TEST_PYTHON).empty()) GTEST_SKIP() << "needs Python 3";
  }

  static std::string child(const std::string& fault) {
    return "process: ['" DFLARE_TEST_PYTHON "', -B, '" DFLARE_SOURCE_TREE
           "/tests/process/faulty_child.py', " +
           fault + "]";
  }

  /// Two pairs on the same seed inputs: `sound`, and `faulty`, which is to answer as it where it
  /// answers at all.
  Ended run_pairs(const std::string& original, const std::string& sound,
                  const std::string& faulty) {
    write("m.yaml",
          "dflare: 1\n"
          "defaults: {seeds: twelve, options: {queries: 20, block: 4, workers: 1}, input: "
          "{channels: 1, size: 8}}\n"
          "pairs:\n"
          "  - {name: Sound, original: {" +
              original + "}, compressed: {" + sound +
              "}}\n"
              "  - {name: Faulty, original: {" +
              original + "}, compressed: {" + faulty + "}}\n");
    return run("m.yaml --dflare_out=out");
  }
  Ended run_child(const std::string& fault, const std::string& limits) {
    return run_pairs(child("none"), child("none, --coarse"),
                     child(fault + ", --coarse") + ", limits: {start_seconds: 60, " + limits + "}");
  }

  /// Mutants by the seed inputs that they were found from.
  std::map<std::string, std::string> found(const std::string& pair) const {
    std::map<std::string, std::string> mutants;
    for (const fs::directory_entry& entry : fs::directory_iterator(path("out/" + pair))) {
      const fs::path mutant = entry.path() / "mutant.png";
      if (fs::exists(mutant))
        mutants[entry.path().filename().string()] = read_file(mutant.string());
    }
    return mutants;
  }

  void expect_the_rest_is_found() const {
    std::map<std::string, std::string> sound = found("Sound");
    EXPECT_GE(sound.size(), 6U);
    sound.erase(bad_seed);
    EXPECT_EQ(found("Faulty"), sound);
  }
  void expect_picture_and_message(const std::string& message) const {
    const std::string folder = path(std::string("out/Faulty/failures/") + bad_seed);
    const Image saved = read_image(folder + "/image.png");
    const Image seed = read_image(path(std::string("twelve/") + bad_seed));
    ASSERT_EQ(saved.total(), seed.total());
    EXPECT_TRUE(std::equal(saved.datastart, saved.dataend, seed.datastart));
    EXPECT_THAT(read_file(folder + "/message.txt"), HasSubstr(message));
  }
};

struct Row {
  std::string fault, says, limits = "answer_seconds: 60";
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.fault;
}

class FaultOfASeed : public FaultTable, public testing::WithParamInterface<Row> {};

TEST_P(FaultOfASeed, CostsThatSeedAlone) {
  const Ended ended = run_child(GetParam().fault, GetParam().limits);
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr(GetParam().says));
  expect_the_rest_is_found();
  expect_picture_and_message(GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    , FaultOfASeed,
    testing::Values(
        Row{"killed", "its process was killed by signal 9 (SIGKILL)"},
        Row{"crashes", "its process was killed by signal 11 (SIGSEGV)"},
        Row{"exits", "its process ended with exit status 3"},
        Row{"hangs", "its process did not answer within 1 s", "answer_seconds: 1"},
        Row{"few rows", "its process answered 0 x 0 scores, expected images x classes = 1 x 4"},
        Row{"other classes",
            "its process answered 1 x 5 scores, expected images x classes = 1 x 4"},
        Row{"nan", "the compressed model answered a score that is not finite"},
        Row{"garbage", "its process broke the protocol: it wrote 'scores: 1, 2, 3'"},
        Row{"closes", "its process closed its end of the connection"},
        Row{"memory", "its process used more than 200 MiB (limits: memory_mib)", "memory_mib: 200"},
        Row{"error", "ValueError: the image is too dark"}),
    [](const testing::TestParamInfo<Row>& row) {
      std::string name = row.param.fault;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST_F(FaultTable, PrintingIsNoFault) {
  const Ended ended = run_child("prints", "answer_seconds: 60");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, Not(HasSubstr("scores")));
  EXPECT_GE(found("Sound").size(), 6U);
  EXPECT_EQ(found("Faulty"), found("Sound"));
}

TEST_F(FaultTable, ExitAtStartIsAPairThatCouldNotBeTested) {
  const Ended ended = run_child("exits at start", "answer_seconds: 60");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, AllOf(HasSubstr("The pair could not be tested"),
                                  HasSubstr("its process ended with exit status 4 before it said "
                                            "hello; it printed last: 'no such weights'")));
  EXPECT_GE(found("Sound").size(), 6U);
}

TEST_F(FaultTable, FailingAlwaysIsOneErrorOfThePair) {
  const Ended ended = run_child("killed, --always", "answer_seconds: 60");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("Faulty could not be tested: "));
  EXPECT_THAT(ended.output, HasSubstr("SIGKILL"));
  EXPECT_GE(found("Sound").size(), 6U);
  EXPECT_FALSE(boost::filesystem::exists(path("out/Faulty")));
}

TEST_F(FaultTable, FindingsOfProcessesReplay) {
  run_child("none", "answer_seconds: 60");
  ASSERT_FALSE(found("Sound").empty());
  const std::string finding = path("out/Sound/" + found("Sound").begin()->first);
  const Ended ended = run("m.yaml --dflare_replay=" + finding);
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, AllOf(HasSubstr("faulty_child.py"), Not(HasSubstr("warning"))));
}

class IsolatedFaults : public FaultTable {
 protected:
  IsolatedFaults() {
    write_png(path(std::string("twelve/") + bad_seed), Image(8, 8, CV_8UC1, cv::Scalar(255)));
  }
  void SetUp() override {}

  Ended run_isolated(const std::string& file, const std::string& limits) {
    return run_pairs("file: other.pt", "file: a.pt",
                     "file: " + file + ", isolate: true, limits: {" + limits + "}");
  }
};

constexpr double white = 0.999;

TEST_F(IsolatedFaults, ModelThatNeverEnds) {
  save_hangs_above(path("hangs.pt"), 1, 8, 8, 4, white);
  const Ended ended = run_isolated("hangs.pt", "answer_seconds: 1");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("its process did not answer within 1 s"));
  expect_the_rest_is_found();
  expect_picture_and_message("its process did not answer within 1 s");
}

TEST_F(IsolatedFaults, ModelThatTakesAllMemory) {
  save_hoards_above(path("hoards.pt"), 1, 8, 8, 4, white);
  const Ended ended = run_isolated("hoards.pt", "memory_mib: 1000");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("its process used more than 1000 MiB"));
  expect_the_rest_is_found();
  expect_picture_and_message("its process used more than 1000 MiB");
}

TEST_F(IsolatedFaults, FindingsReplayIsolated) {
  run_isolated("a.pt", "answer_seconds: 60");
  ASSERT_FALSE(found("Faulty").empty());
  const std::string replay =
      "m.yaml --dflare_replay=" + path("out/Faulty/" + found("Faulty").begin()->first);
  const Ended ended = run(replay);
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, Not(HasSubstr("warning")));
  EXPECT_THAT(run(replay, "DFLARE_HOST=/none").output, HasSubstr("DFLARE_HOST is '/none'"));
}

/// A file of a process in /proc; empty where the process has ended, at whatever moment.
std::string text_of_process(const fs::path& path) {
  std::ifstream file(path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Programs with that word in their command line.
int programs_with(const std::string& word) {
  int count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    count += text_of_process(entry.path() / "cmdline").find(word) != std::string::npos;
  }
  return count;
}

/// The seconds of a processor's time that programs with that word in their command line have had.
double seconds_of_programs_with(const std::string& word) {
  double ticks = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    if (text_of_process(entry.path() / "cmdline").find(word) == std::string::npos) continue;
    const std::string stat = text_of_process(entry.path() / "stat");
    // After the name in parentheses: 11 other fields, then the time as itself and in the kernel.
    std::istringstream fields(stat.substr(std::min(stat.rfind(')') + 1, stat.size())));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double own = 0, kernel = 0;
    if (fields >> own >> kernel) ticks += own + kernel;
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Starts dflare-test, kills it once its models hang, and waits for the end of all.
void kill_in_the_middle(const std::string& folder, const std::string& word,
                        const std::function<bool()>& hanging) {
  const pid_t parent = ::fork();
  if (parent == 0) {
    if (::chdir(folder.c_str()) != 0 || std::freopen("log", "w", stdout) == nullptr) ::_exit(1);
    ::execl(DFLARE_TEST_PROGRAM, "dflare-test", "m.yaml", "--dflare_out=out", nullptr);
    ::_exit(1);
  }
  const auto wait_until = [&](auto condition) {
    for (int i = 0; i < 600 && !condition(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  };
  wait_until(hanging);
  EXPECT_TRUE(hanging()) << read_file(folder + "/log");
  EXPECT_GT(programs_with(word), 0);
  ::kill(parent, SIGKILL);
  int status = 0;
  ::waitpid(parent, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  wait_until([&] { return programs_with(word) == 0; });
  EXPECT_EQ(programs_with(word), 0);
}

TEST_F(FaultTable, HangingProcessesEndWithDflare) {
  write("m.yaml",
        "dflare: 1\npairs:\n  - {name: Hangs, seeds: twelve, original: a.pt, compressed: {" +
            child("hangs, '" + path("word") + "', --always") + "}, input: {channels: 1}}\n");
  kill_in_the_middle(folder_, path("word"), [&] { return fs::exists(path("word.hangs")); });
}

TEST_F(FaultTable, ProcessesThatReadNothingEndWithDflareAndSoDoTheirs) {
  write("m.yaml",
        "dflare: 1\npairs:\n  - {name: Deaf, seeds: twelve, original: a.pt, compressed: {" +
            child("deaf, '" + path("word") + "'") + "}, input: {channels: 1}}\n");
  kill_in_the_middle(folder_, path("word"), [&] { return fs::exists(path("word.hangs")); });
}

TEST_F(FaultTable, AnInterruptDoesNotWaitForASilentProcess) {
  write("m.yaml",
        "dflare: 1\npairs:\n  - {name: Silent, seeds: twelve, original: a.pt, compressed: {" +
            child("hangs at start, '" + path("word") + "'") +
            ", limits: {start_seconds: 3000}}, input: {channels: 1}}\n");
  const pid_t parent = ::fork();
  if (parent == 0) {
    if (::chdir(folder_.c_str()) != 0 || std::freopen("log", "w", stdout) == nullptr) ::_exit(1);
    ::dup2(1, 2);
    ::execl(DFLARE_TEST_PROGRAM, "dflare-test", "m.yaml", "--dflare_out=out", nullptr);
    ::_exit(1);
  }
  for (int i = 0; i < 600 && programs_with(path("word")) == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  ::kill(parent, SIGINT);
  int status = 0;
  ::waitpid(parent, &status, 0);  // for ever, were it to wait
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_THAT(read_file(path("log")), HasSubstr("had not said hello when dflare was interrupted"));
  EXPECT_EQ(programs_with(path("word")), 0);
}

TEST_F(FaultTable, EscapeCodesOfAProcessDoNotReachTheTerminal) {
  const Ended ended = run_child("colours", "answer_seconds: 60");
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, HasSubstr("it printed last: '\\x1b[31mno"));
  EXPECT_THAT(ended.output, Not(HasSubstr("\x1b[31m")));
}

TEST_F(IsolatedFaults, HangingHostsEndWithDflare) {
  save_hangs_above(path("hangs.pt"), 1, 8, 8, 4, -1);
  write("m.yaml",
        "dflare: 1\npairs:\n  - {name: Hangs, seeds: twelve, original: a.pt, compressed: {file: "
        "hangs.pt, isolate: true}, input: {channels: 1}}\n");
  // It computes without end, and says nothing of it.
  kill_in_the_middle(folder_, path("hangs.pt"),
                     [&] { return seconds_of_programs_with(path("hangs.pt")) > 5; });
}

}  // namespace
}  // namespace dflare::test
