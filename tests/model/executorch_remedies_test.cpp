// Each error of ExecuTorch, and its remedy.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/executorch/failure.hpp"

namespace dflare {
namespace {

using executorch::runtime::Error;
using testing::HasSubstr;

struct Row {
  Error error;
  std::vector<std::string> log;
  const char* remedy;
};

const Row rows[] = {
    {Error::OperatorMissing,
     {"Missing operator: [0] aten::topk.values", "Missing operator: [3] aten::erf.out"},
     "no kernel for: aten::topk.values, aten::erf.out; export it without that"},
    {Error::InvalidProgram, {}, "export it again with that version"},
    {Error::InvalidType, {}, "export it again with that version"},
    {Error::DelegateInvalidCompatibility, {}, "does not understand"},
    {Error::DelegateInvalidHandle, {}, "does not understand"},
    {Error::NotFound, {}, "a part of it is not there"},
    {Error::AccessFailed, {}, "which dflare does not read"},
    {Error::InvalidExternalData, {}, "with its data in it"},
    {Error::MemoryAllocationFailed, {}, "fewer workers"},
    {Error::DelegateMemoryAllocationFailed, {}, "fewer workers"},
    {Error::OutOfResources, {}, "fewer workers"},
    {Error::InvalidState, {}, "gave up; if it works elsewhere"},
    {Error::InvalidState,
     {"external_data_map is null"},
     "its weights are in a .ptd file, which dflare does not read; export it again"},
    {Error::InvalidExternalData,
     {"Cannot find the tensor in named_data_map"},
     "external_constants=False"},
};

TEST(ExecuTorchRemedies, FitTheirCauses) {
  for (const Row& row : rows) {
    EXPECT_THAT(executorch_remedy(row.error, row.log), HasSubstr(row.remedy))
        << to_string(row.error);
  }
}

}  // namespace
}  // namespace dflare
