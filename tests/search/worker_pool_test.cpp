#include "search/engine/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

#include "support/fake_models.hpp"

namespace dflare {
namespace {

using test::FakeModel;

class WorkerPoolTest : public ::testing::TestWithParam<int> {
 protected:
  FakeModel original_{test::brightness(0.5)}, compressed_{test::brightness(0.6)};
  WorkerPool pool_{original_, compressed_, GetParam()};
};

TEST_P(WorkerPoolTest, DrivesEachTaskAndEachSharedPartOnce) {
  constexpr std::size_t tasks = 7, parts = 13;
  std::vector<std::atomic<int>> driven(tasks), shared(tasks * parts);
  pool_.run(
      tasks,
      [&](std::size_t task, Worker& worker) {
        ++driven[task];
        for (int round = 0; round < 20; ++round) {
          pool_.share(parts, worker,
                      [&](std::size_t part, Worker&) { ++shared[task * parts + part]; });
          // share() returns only when all parts are done.
          for (std::size_t part = 0; part < parts; ++part) {
            EXPECT_EQ(shared[task * parts + part], round + 1);
          }
        }
      },
      [] { FAIL() << "nothing failed"; });
  for (const auto& count : driven) EXPECT_EQ(count, 1);
}

TEST_P(WorkerPoolTest, PassesOnTheExceptionOfAPart) {
  std::atomic<int> told{0};
  try {
    pool_.run(
        3,
        [&](std::size_t task, Worker& worker) {
          pool_.share(50, worker, [&](std::size_t part, Worker&) {
            if (task == 0 && part == 20) throw std::runtime_error("part 20");
          });
        },
        [&] { ++told; });
    FAIL() << "nothing thrown";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "part 20");
  }
  EXPECT_EQ(told, 1);
}

TEST_P(WorkerPoolTest, NoPartsAndNoTasksAreNothingToDo) {
  int driven = 0;
  pool_.run(
      0, [&](std::size_t, Worker&) { ++driven; }, [] {});
  EXPECT_EQ(driven, 0);
}

INSTANTIATE_TEST_SUITE_P(Workers, WorkerPoolTest, ::testing::Values(1, 2, 5),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace dflare
