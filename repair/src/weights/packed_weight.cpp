#include "weights/packed_weight.hpp"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare::repair {
namespace {

constexpr std::int64_t lowest = -128, highest = 127;

std::vector<c10::IValue> call(const char* name, std::vector<c10::IValue> stack) {
  c10::Dispatcher::singleton().findSchemaOrThrow(name, "").callBoxed(&stack);
  return stack;
}

std::vector<std::int64_t> numbers(const char* name, const c10::IValue& packed) {
  return call(name, {packed})[0].toIntVector();
}

std::optional<at::Tensor> optional_tensor(const c10::IValue& value) {
  return value.isNone() ? std::optional<at::Tensor>() : value.toTensor();
}

bool per_channel(const at::Tensor& quantised) {
  return quantised.qscheme() == at::kPerChannelAffine;
}

at::Tensor over_channels(const at::Tensor& values, const at::Tensor& weight) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(weight.dim()), 1);
  shape[0] = weight.size(0);
  return values.view(shape);
}

}  // namespace

at::Tensor PackedWeight::weight() const {
  return quantised.dequantize();
}

Grid PackedWeight::grid() const {
  if (quantised.scalar_type() != at::kQInt8 ||
      (per_channel(quantised) ? quantised.q_per_channel_axis() != 0
                              : quantised.qscheme() != at::kPerTensorAffine)) {
    throw ModelError(fmt::format(
        "a packed weight is {} with scales of another kind than one for the tensor or one for each "
        "output channel; expected 8-bit weights; set kind: {{approach: corrector}}",
        c10::toString(quantised.scalar_type())));
  }
  Grid grid;
  std::int64_t zero_point = 0;
  if (per_channel(quantised)) {
    grid.scale = over_channels(quantised.q_per_channel_scales().to(at::kFloat), quantised);
    const at::Tensor zeros = quantised.q_per_channel_zero_points();
    if (zeros.ne(0).any().item<bool>()) {
      throw ModelError(
          "a packed weight has zero points other than 0 for its channels; expected symmetric "
          "weights; set kind: {approach: corrector}");
    }
  } else {
    grid.scale = at::full({}, quantised.q_scale(), at::kFloat);
    zero_point = quantised.q_zero_point();
  }
  grid.low = lowest - zero_point;
  grid.high = highest - zero_point;
  return grid;
}

c10::IValue PackedWeight::packed_with(const at::Tensor& weight,
                                      const std::optional<at::Tensor>& new_bias) const {
  const at::Tensor levels = grid().levels(weight);
  at::Tensor repacked;
  if (per_channel(quantised)) {
    repacked = at::_make_per_channel_quantized_tensor(
        levels.to(at::kChar), quantised.q_per_channel_scales(),
        quantised.q_per_channel_zero_points(), quantised.q_per_channel_axis());
  } else {
    const std::int64_t zero_point = quantised.q_zero_point();
    repacked = at::_make_per_tensor_quantized_tensor((levels + zero_point).to(at::kChar),
                                                     quantised.q_scale(), zero_point);
  }
  const c10::IValue bias_value = new_bias ? c10::IValue(new_bias->detach().clone()) : c10::IValue();
  if (!convolution) return call("quantized::linear_prepack", {repacked, bias_value})[0];
  return call("quantized::conv2d_prepack",
              {repacked, bias_value, stride, padding, dilation, groups})[0];
}

PackedWeight unpack(const c10::IValue& packed) {
  const std::string type = packed.type()->repr_str();
  PackedWeight weight;
  weight.convolution = type.find("Conv2dPackedParamsBase") != std::string::npos;
  if (!weight.convolution && type.find("LinearPackedParamsBase") == std::string::npos) {
    throw ModelError(fmt::format(
        "it holds weights of the type {}; what can be trained are int8 convolutions in two "
        "dimensions and linear layers; set kind: {{approach: corrector}}",
        type));
  }
  const auto parts =
      call(weight.convolution ? "quantized::conv2d_unpack" : "quantized::linear_unpack", {packed});
  weight.quantised = parts[0].toTensor();
  weight.bias = optional_tensor(parts[1]);
  if (weight.convolution) {
    weight.stride = numbers("quantized::conv2d_stride", packed);
    weight.padding = numbers("quantized::conv2d_padding", packed);
    weight.dilation = numbers("quantized::conv2d_dilation", packed);
    weight.groups = call("quantized::conv2d_groups", {packed})[0].toInt();
  }
  return weight;
}

}  // namespace dflare::repair
