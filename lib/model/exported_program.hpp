#pragma once

namespace dflare {

/// What to say of a file of torch.export.
constexpr const char* exported_program =
    "an exported program of torch.export (.pt2), which LibTorch alone cannot run; lower it in "
    "Python to a .pte (executorch.exir.to_edge_transform_and_lower), write it as .onnx "
    "(torch.onnx.export(..., dynamo=True)), or save TorchScript: torch.jit.trace(model.eval(), "
    "example).save(path)";

}  // namespace dflare
