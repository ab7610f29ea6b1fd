#include "model/torchscript/graph.hpp"

#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/lower_tuples.h>

#include <algorithm>
#include <memory>
#include <string>

namespace dflare {
namespace {

std::shared_ptr<torch::jit::Graph> inlined(const torch::jit::Module& module) {
  auto graph = module.get_method("forward").graph()->copy();
  torch::jit::Inline(*graph);
  return graph;
}

bool is_quantised(const torch::jit::Block& block) {
  for (const torch::jit::Node* node : block.nodes()) {
    const std::string kind = node->kind().toQualString();
    if (kind.rfind("quantized::", 0) == 0 || kind.rfind("aten::quantize_per", 0) == 0) {
      return true;
    }
    for (const torch::jit::Block* inner : node->blocks()) {
      if (is_quantised(*inner)) {
        return true;
      }
    }
  }
  return false;
}

bool only_moves_values(const std::string& kind) {
  static const std::string known[] = {"aten::to",      "aten::float",      "aten::type_as",
                                      "aten::squeeze", "aten::unsqueeze",  "aten::view",
                                      "aten::reshape", "aten::contiguous", "aten::detach",
                                      "aten::flatten", "aten::clone"};
  return std::find(std::begin(known), std::end(known), kind) != std::end(known);
}

}  // namespace

bool is_quantised(const torch::jit::Module& module) {
  const auto graph = inlined(module);
  if (is_quantised(*graph->block())) {
    return true;
  }
  for (const torch::jit::Module& part : module.modules()) {
    for (const c10::IValue& value : part.attributes(/*recurse=*/false)) {
      if (value.type()->repr_str().find("torch.classes.quantized.") != std::string::npos) {
        return true;
      }
    }
  }
  return false;
}

bool answers_labels(const torch::jit::Module& module) {
  const auto graph = inlined(module);
  torch::jit::LowerSimpleTuples(graph);
  if (graph->outputs().size() != 1) return false;
  const torch::jit::Value* answer = graph->outputs()[0];
  while (only_moves_values(answer->node()->kind().toQualString())) {
    answer = answer->node()->inputs()[0];
  }
  const std::string kind = answer->node()->kind().toQualString();
  const bool of_two = kind == "aten::max" || kind == "aten::topk";  // values, then places
  return kind == "aten::argmax" || (of_two && answer->offset() == 1);
}

}  // namespace dflare
