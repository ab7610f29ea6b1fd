// dflare-test where threads cannot be had: fewer workers, the same findings, and one line about it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gtest_plugin/runner_fixture.hpp"

namespace dflare::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class FewThreads : public RunnerTest {
 protected:
  FewThreads() {
    write("m.yaml",
          "dflare: 1\n"
          "pairs:\n"
          "  - {name: P, seeds: seeds, original: a.pt, compressed: other.pt, input: {channels: 1}, "
          "options: {queries: 20, block: 1, workers: 8}}\n");
  }
  Ended run_with(int threads) {
    return run("m.yaml --dflare_out=out", "OPENBLAS_NUM_THREADS=1 LD_PRELOAD=" DFLARE_FEW_THREADS
                                          " DFLARE_TEST_THREADS=" +
                                              std::to_string(threads));
  }
};

TEST_F(FewThreads, AreEnough) {
  const Ended plain = run_with(1000);
  EXPECT_THAT(plain.output, Not(HasSubstr("workers could be started")));
  for (const int threads : {0, 1, 2, 3, 4}) {
    const Ended ended = run_with(threads);
    EXPECT_EQ(ended.status, plain.status) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("workers could be started, which takes longer: "));
  }
  EXPECT_THAT(run_with(0).output, HasSubstr("the search had no thread of its own"));
}

}  // namespace
}  // namespace dflare::test
