#include <fmt/format.h>

#include "faults/faulty.hpp"
#include "repair/repair_run.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;

/// dflare-repair under faults: what it writes is whole, and another run repairs the same.
class RepairFaults : public RepairRun {
 protected:
  static constexpr const char* command = DFLARE_REPAIR_PROGRAM " c.yaml --quiet";

  RepairFaults() {
    const Ended ended = run("c.yaml --quiet --out=whole");
    EXPECT_EQ(ended.status, 0) << ended.output;
  }

  void try_all(int error, int few) {
    const int calls = calls_of(folder_, command);
    int tried = 0;
    const int step = std::max(1, calls / few);
    for (int at = 1; at <= calls; at += step) {
      SCOPED_TRACE(fmt::format("error {} at call {} of {}", error, at, calls));
      ++tried;
      fs::remove_all(path("out"));
      const Ended ended = run_in(folder_, environment_of({at, error}, folder_) + command);
      if (error == 0) {
        EXPECT_EQ(ended.status, 137) << ended.output;
      } else {
        EXPECT_TRUE(ended.status == 2 || ended.status == 0) << ended.output;
      }
      for (const char* name : {"out/report.json", "out/findings.json", "out/report.html"})
        expect_whole(path(name));
      whole_findings_below(path("out"));
      if (exists("out/repaired.pt")) {
        EXPECT_EQ(file("out/repaired.pt"), file("whole/repaired.pt"));
      }
      const Ended later =
          run(exists("out/state.bin") ? "c.yaml --quiet --resume" : "c.yaml --quiet");
      EXPECT_EQ(later.status, 0) << later.output;
      EXPECT_EQ(file("out/repaired.pt"), file("whole/repaired.pt"));
      EXPECT_EQ(report("out"), report("whole"));
    }
    std::printf("repair, error %d: %d faults at %d calls\n", error, tried, calls);
  }
};

TEST_F(RepairFaults, AKillLosesNothing) {
  try_all(0, is_long() ? 60 : 3);
}

TEST_F(RepairFaults, AFullDiskLosesNothing) {
  try_all(ENOSPC, is_long() ? 20 : 2);
}

}  // namespace
}  // namespace dflare::test
