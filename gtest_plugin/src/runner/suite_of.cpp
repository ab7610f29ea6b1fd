#include "runner/suite_of.hpp"

namespace dflare::gtest {

const ::testing::TestSuite* suite_of(const Pair& pair) {
  const auto* unit_test = ::testing::UnitTest::GetInstance();
  for (int i = 0; i < unit_test->total_test_suite_count(); ++i) {
    const auto* suite = unit_test->GetTestSuite(i);
    if (suite->name() == pair.name) return suite;
  }
  return nullptr;
}

}  // namespace dflare::gtest
