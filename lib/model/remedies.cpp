#include "model/remedies.hpp"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <regex>

#include "support/regex_text.hpp"

namespace dflare {
namespace {

/// The first row that fits is taken.
struct Remedy {
  Library library;
  const char* cause;  ///< in what the library says
  const char* what_to_do;
};

constexpr const char* no_half_kernels =
    "fp16 (Half) has few CPU kernels in LibTorch: export the model in bfloat16 or float32, or as "
    ".onnx, or set device: cuda";
constexpr const char* other_type =
    "dflare feeds float32, and its weights are of another type: export it in float32 "
    "(model.float()), or wrap it so that its forward begins with x.to(the type of its weights)";

constexpr Remedy remedies[] = {
    {Library::libtorch, "not implemented for 'Half'", no_half_kernels},
    {Library::libtorch, "not implemented for '",
     "this LibTorch has no CPU kernel for that type: export the model in float32 (model.float())"},
    {Library::libtorch, R"(Input type .* and (weight|bias) type \((c10::)?Half\))",
     "dflare feeds float32: wrap it so that its forward begins with x.to(torch.float16); but fp16 "
     "(Half) has few CPU kernels in LibTorch: better export it in bfloat16 or float32, or as "
     ".onnx, "
     "or set device: cuda"},
    {Library::libtorch, R"(Input type .* and (weight|bias) type \((c10::)?BFloat16\))",
     "dflare feeds float32: wrap it so that its forward begins with x.to(torch.bfloat16)"},
    {Library::libtorch, R"(Input type .* and (weight|bias) type \(double\))",
     "dflare feeds float32: export it in float32 (model.float()), or wrap it so that its forward "
     "begins with x.to(torch.float64)"},
    {Library::libtorch, "Input type .* and (weight|bias) type .*(CUDA|cuda)",
     "its weights are on a CUDA device: export it from the CPU (model.cpu()), or set device: cuda"},
    {Library::libtorch,
     "Input type .* and (weight|bias) type|must have the same dtype|to have the same dtype|"
     "expected scalar type",
     other_type},
    {Library::libtorch,
     "Cannot initialize CUDA|not linked with support for cuda|'CUDA' backend|on the same device|"
     "No CUDA GPUs|NVIDIA driver|not compiled with CUDA",
     "its program names a CUDA device: export it from the CPU (model.cpu(), and no .cuda() or "
     "device='cuda' within its forward), or, where there is one, set device: cuda"},
    {Library::libtorch, "missing value for argument|Expected a value of type .* for argument",
     "export a model whose forward takes one tensor of images alone"},
    {Library::libtorch, "to have [0-9]+ channels, but got [0-9]+ channels instead",
     "correct channels or layout in its input specification"},
    {Library::libtorch, "shapes cannot be multiplied|is invalid for input of size|size mismatch",
     "correct size, channels or layout in its input specification: images of that size do not fit "
     "into the network"},
    {Library::libtorch, "scalar types: Long, Int|uint8|Byte",
     "dflare feeds float32: wrap it so that its forward begins with what makes integers of 0 to 1, "
     "for example (x * 255).round().to(torch.uint8)"},
    {Library::libtorch, "[Dd]idn't find engine",
     "set engine to one that has this operation, or leave the engine out"},
    {Library::libtorch, "version number|file format version|with version [0-9]+",
     "it was written by a newer PyTorch: export it with one of this LibTorch's version, or build "
     "dflare with a newer LibTorch"},
    {Library::openvino, "com\\.microsoft\\.Q",
     "these are ONNX Runtime's own quantised operators: export it in the QDQ format "
     "(quantize_static: quant_format=QuantFormat.QDQ), or run it by process: [python3, "
     "onnxruntime_model.py, FILE] (docs/process.md)"},
    {Library::openvino, "com\\.microsoft\\.",
     "these are ONNX Runtime's own operators: export it without its optimisations, or run it by "
     "process: [python3, onnxruntime_model.py, FILE] (docs/process.md)"},
    {Library::openvino, "No conversion rule found|OPERATION_CONVERSION|Not supported operation",
     "export it without these operators, or run it under its own runtime by process: (ONNX "
     "Runtime: "
     "onnxruntime_model.py, LiteRT: litert_model.py; docs/process.md)"},
};

}  // namespace

std::string with_remedy(Library library, const std::string& said) {
  const std::string start = start_for_regex(said);
  for (const Remedy& remedy : remedies) {
    if (remedy.library == library && std::regex_search(start, std::regex(remedy.cause)))
      return boost::trim_right_copy_if(said, boost::is_any_of(". ")) + "; " + remedy.what_to_do;
  }
  return said;
}

std::string scores_to_export(std::size_t dimensions) {
  std::string text = "export a model whose forward returns one row of class scores an image";
  if (dimensions == 1) text += ", of one score for two classes N x 1 (unsqueeze(1))";
  if (dimensions > 2) text += " (images x classes x 1 x 1: flatten(1))";
  return text;
}

}  // namespace dflare
