// Each cause that is known, in the words of the library that says it, and its remedy.

#include "model/remedies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dflare {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Row {
  Library library;
  const char* said;
  const char* remedy;
};

const Row rows[] = {
    {Library::libtorch, "\"slow_conv2d_cpu\" not implemented for 'Half'", "set device: cuda"},
    {Library::libtorch, "\"addmm_impl_cpu_\" not implemented for 'Half'", "bfloat16 or float32"},
    {Library::libtorch, "\"cdist\" not implemented for 'BFloat16'", "in float32 (model.float())"},
    {Library::libtorch, "Input type (float) and bias type (c10::Half) should be the same",
     "x.to(torch.float16)"},
    {Library::libtorch, "Input type (float) and weight type (c10::Half) should be the same",
     "or as .onnx"},
    {Library::libtorch, "Input type (float) and bias type (c10::BFloat16) should be the same",
     "x.to(torch.bfloat16)"},
    {Library::libtorch, "Input type (float) and bias type (double) should be the same",
     "x.to(torch.float64)"},
    {Library::libtorch,
     "Input type (CPUFloatType) and weight type (CUDAFloatType) should be the same", "model.cpu()"},
    {Library::libtorch, "Input type (float) and bias type (int) should be the same",
     "the type of its weights"},
    {Library::libtorch, "mat1 and mat2 must have the same dtype", "the type of its weights"},
    {Library::libtorch, "expected m1 and m2 to have the same dtype, but got: float != double",
     "the type of its weights"},
    {Library::libtorch, "expected scalar type Half but found Float", "the type of its weights"},
    {Library::libtorch, "Cannot initialize CUDA without ATen_cuda library",
     "names a CUDA device: export it from the CPU"},
    {Library::libtorch, "PyTorch is not linked with support for cuda devices", "names a CUDA"},
    {Library::libtorch,
     "Could not run 'aten::empty.memory_format' with arguments from the 'CUDA' backend",
     "names a CUDA"},
    {Library::libtorch,
     "Expected all tensors to be on the same device, but found at least two devices",
     "names a CUDA"},
    {Library::libtorch, "No CUDA GPUs are available", "names a CUDA"},
    {Library::libtorch, "Found no NVIDIA driver on your system", "names a CUDA"},
    {Library::libtorch, "Torch not compiled with CUDA enabled", "names a CUDA"},
    {Library::libtorch, "forward() is missing value for argument 'mask'",
     "whose forward takes one tensor of images alone"},
    {Library::libtorch,
     "forward() Expected a value of type 'List[Tensor]' for argument 'xs' but instead found type "
     "'Tensor'",
     "whose forward takes one tensor of images alone"},
    {Library::libtorch,
     "Given groups=1, weight of size [4, 3, 3, 3], expected input[2, 1, 28, 28] to have 3 "
     "channels, but got 1 channels instead",
     "correct channels or layout"},
    {Library::libtorch, "mat1 and mat2 shapes cannot be multiplied (2x784 and 100x10)",
     "correct size, channels or layout"},
    {Library::libtorch, "shape '[2, 100]' is invalid for input of size 1568", "correct size"},
    {Library::libtorch, "size mismatch, m1: [2 x 784], m2: [100 x 10]", "correct size"},
    {Library::libtorch,
     "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, "
     "Int; but got torch.FloatTensor instead",
     "makes integers of 0 to 1"},
    {Library::libtorch, "AssertionError: give uint8", "(x * 255).round().to(torch.uint8)"},
    {Library::libtorch, "Didn't find engine for operation quantized::conv2d_prepack NoQEngine",
     "set engine"},
    {Library::libtorch,
     "Attempted to read a PyTorch file with version 12, but the maximum supported version for "
     "reading is 10",
     "written by a newer PyTorch"},
    {Library::openvino, "No conversion rule found for operations: com.microsoft.QGemm",
     "QuantFormat.QDQ"},
    {Library::openvino, "No conversion rule found for operations: com.microsoft.FusedConv",
     "without its optimisations"},
    {Library::openvino, "No conversion rule found for operations: FlexErf", "litert_model.py"},
};

TEST(Remedies, FitTheirCauses) {
  for (const Row& row : rows) {
    const std::string text = with_remedy(row.library, row.said);
    EXPECT_THAT(text, StartsWith(std::string(row.said) + "; "));
    EXPECT_THAT(text, HasSubstr(row.remedy)) << row.said;
  }
}

TEST(Remedies, FollowWhatWasSaidInOneSentence) {
  EXPECT_EQ(with_remedy(Library::libtorch, "size mismatch. ").find("size mismatch; correct"), 0U);
}

TEST(Remedies, AreLeftOutForOtherCauses) {
  EXPECT_EQ(with_remedy(Library::libtorch, "out of memory"), "out of memory");
  EXPECT_EQ(with_remedy(Library::openvino, "not implemented for 'Half'"),
            "not implemented for 'Half'");
}

}  // namespace
}  // namespace dflare
