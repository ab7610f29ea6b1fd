#include "model/openvino/answer.hpp"

#include <algorithm>
#include <cmath>
#include <openvino/op/fake_quantize.hpp>
#include <string>

#include "model/openvino/graph.hpp"

namespace dflare {
namespace {

using ov::op::v0::FakeQuantize;

/// What an operation at the end of a network makes of its values.
struct End {
  const char* operation;
  Output output;
};
constexpr End ends[] = {{"Softmax", Output::probabilities},
                        {"LogSoftmax", Output::logits},
                        {"Sigmoid", Output::sigmoid}};
constexpr const char* labels[] = {"TopK", "ArgMax", "ArgMin"};

const End* end_of(const std::string& operation) {
  const auto* found = std::find_if(std::begin(ends), std::end(ends),
                                   [&](const End& end) { return operation == end.operation; });
  return found == std::end(ends) ? nullptr : found;
}

/// One sigmoid is the probability of the second of two classes.
bool is_one_score(const ov::Model& model) {
  const ov::PartialShape shape = model.output().get_partial_shape();
  return shape.rank().is_static() && shape.size() == 2 && shape[1] == 1;
}

}  // namespace

OpenVinoAnswer openvino_answer(const ov::Model& model) {
  OpenVinoAnswer answer;
  const bool eight_bit = model.output().get_element_type().size() == 1;
  double gain = 1;  // what the scores were multiplied by since the node
  std::shared_ptr<ov::Node> node = model.output().get_node()->get_input_node_shared_ptr(0);
  for (; node->get_input_size() > 0; node = node->get_input_node_shared_ptr(0)) {
    const std::string operation = node->get_type_name();
    const bool scales = operation == "Multiply", shifts = operation == "Subtract";
    if (const End* end = end_of(operation)) {
      constexpr double slack = 1e-3;
      if (std::abs(gain - 1) < slack && (answer.rounded || !eight_bit)) answer.output = end->output;
      if (answer.output == Output::sigmoid && is_one_score(model))
        answer.output = Output::probabilities;
      break;
    }
    if (std::find(std::begin(labels), std::end(labels), operation) != std::end(labels)) {
      answer.labels = true;
      break;
    }
    if (const auto quantise = ov::as_type_ptr<FakeQuantize>(node)) {
      const auto grid = grid_of(*quantise);
      if (!grid) break;
      const bool first = !answer.rounded;
      if (first) {
        answer.rounded = true;
        // In front of an 8-bit output, the other limits are 8-bit numbers.
        const double step =
            eight_bit ? 1 / grid->gain() : gain * (grid->to_high - grid->to_low) / grid->steps;
        answer.step = static_cast<float>(step);
        answer.zero = static_cast<float>(std::round(grid->to_low - grid->from_low * grid->gain()));
      }
      if (!first || !eight_bit) gain *= grid->gain();
    } else if ((scales || shifts) && number_at(node, 1) && (answer.rounded || !eight_bit)) {
      if (scales) gain *= *number_at(node, 1);
    } else if (!only_moves_values(operation)) {
      break;
    }
  }
  return answer;
}

}  // namespace dflare
