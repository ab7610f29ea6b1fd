#include "model/torchscript/torch_support.hpp"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/autograd/autograd.h>

#include <boost/algorithm/string.hpp>
#include <cstring>
#include <regex>
#include <vector>

#include "dflare/error.hpp"
#include "model/remedies.hpp"
#include "model/torchscript/torchscript.hpp"
#include "support/regex_text.hpp"

namespace dflare {
namespace {

// OpenBLAS keeps a pool of its own, which LibTorch's setting does not reach.
void use_one_blas_thread() {
  using SetThreads = void (*)(int);
  if (void* found = ::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) {
    SetThreads set_threads = nullptr;
    std::memcpy(&set_threads, &found, sizeof set_threads);
    set_threads(1);
  }
}

/// A batch on a device, as ImageBatch::backend_form().
struct OnDevice {
  at::Device device;
  InputSpec input;
  at::Tensor tensor;
};

std::string shape_of(const at::Tensor& tensor) {
  return tensor.dim() == 0 ? "()" : fmt::format("{}", fmt::join(tensor.sizes().vec(), " x "));
}

constexpr double least_probability = 1e-12;

// Of one score for two classes, a logit or the probability of the second: log p[1] - log p[0].
at::Tensor one_score_difference(const at::Tensor& scores, Output output, int a, int b) {
  const at::Tensor score = scores.select(0, 0).to(at::kFloat);
  const auto value = score.item<float>();
  const bool logit =
      output == Output::logits || (output == Output::automatic && (value < 0 || value > 1));
  const at::Tensor log_ratio =
      logit ? score
            : score.clamp_min(least_probability)
                  .log()
                  .sub(score.neg().add(1).clamp_min(least_probability).log());
  return log_ratio.mul(a - b);
}

// What Model::input_gradient() is the gradient of. Other classes' scores, maybe NaN, stay out of
// it.
at::Tensor difference_of(const at::Tensor& scores, Output output, int a, int b) {
  if (scores.size(0) == 1) return one_score_difference(scores, output, a, b);
  const auto value_of = [&](int index) {
    const at::Tensor score = scores.select(0, index).to(at::kFloat);
    const bool logits = output == Output::logits || output == Output::automatic;
    return logits ? score : score.clamp_min(least_probability).log();
  };
  return value_of(a).sub(value_of(b));
}

// LibTorch explains some causes at length.
std::string first_sentence_if_long(const std::string& text) {
  constexpr std::size_t longest = 250;
  if (text.size() <= longest) return text;
  const std::size_t end = text.find(". ");
  return end < longest ? text.substr(0, end) : text.substr(0, longest) + "...";
}

void require_floats(const at::Tensor& answer) {
  const at::ScalarType type = answer.scalar_type();
  if (at::isFloatingType(type)) return;
  const bool labels = type == at::kLong || type == at::kInt;
  throw ModelError(fmt::format(
      "answered a tensor of type {}, expected floating-point scores; export a model whose forward "
      "returns the scores, {}",
      c10::toString(type),
      labels ? "not labels (no argmax)" : "dequantised to float where they are quantised"));
}

std::string not_differentiable(const std::string& why) {
  return fmt::format(
      "it cannot be differentiated with respect to its input: {}; wrap or export it so that its "
      "scores can be traced back to its input, or set the search option path: transform or path: "
      "blend, which need no gradients",
      why);
}

// Not backward(), which would also leave gradients in the model's parameters.
std::vector<float> differentiate(const at::Tensor& difference, const at::Tensor& leaf) {
  at::Tensor gradient;
  try {
    if (difference.requires_grad()) {
      gradient = torch::autograd::grad({difference}, {leaf}, /*grad_outputs=*/{},
                                       /*retain_graph=*/false, /*create_graph=*/false,
                                       /*allow_unused=*/true)[0];
    }
  } catch (const std::exception& failure) {
    throw ModelError(not_differentiable(torch_message(failure)));
  }
  if (!gradient.defined()) {
    throw ModelError(not_differentiable(
        "its forward detaches the input, turns gradients off, or uses operators that have no "
        "derivative"));
  }
  gradient = gradient.to(at::kCPU, at::kFloat).contiguous();
  const auto* values = gradient.data_ptr<float>();
  return {values, values + gradient.numel()};
}

}  // namespace

std::string libtorch_runtime() {
  static const std::string runtime = [] {
    std::smatch match;
    const std::string config = at::show_config();
    const bool known = std::regex_search(config, match, std::regex("TORCH_VERSION=([^,\\s]+)"));
    return known ? "LibTorch " + match[1].str() : std::string("LibTorch");
  }();
  return runtime;
}

std::string torch_message(const std::exception& failure) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&failure);
  const std::string text = torch_error ? torch_error->what_without_backtrace() : failure.what();
  std::vector<std::string> lines;
  boost::split(lines, text, boost::is_any_of("\n"));
  std::string first;
  std::string raised;  // the end of a TorchScript traceback, "RuntimeError: ..."
  static const std::regex exception_line("^[A-Za-z_.]*(Error|Exception): (.+)");
  std::smatch match;
  for (std::string& line : lines) {
    line = start_for_regex(boost::trim_copy(line));
    if (first.empty() && line.size() > 1) {
      first = line;
    }
    if (std::regex_search(line, match, exception_line)) {
      raised = match[2];
    }
  }
  return first_sentence_if_long(raised.empty() ? first : raised);
}

at::Device torch_device(const std::string& device) {
  static const std::regex form("cpu|cuda(:[0-9]{1,3})?");
  if (!std::regex_match(device, form)) {
    throw ModelError(fmt::format("device '{}' is not known; expected cpu, cuda or cuda:N", device));
  }
  if (device == "cpu") {
    return at::Device(at::kCPU);
  }
  if (!at::hasCUDA()) {
    throw ModelError(fmt::format(
        "device '{}': {} finds no CUDA device here; set device: cpu, or use a LibTorch built with "
        "CUDA on a machine that has one",
        device, libtorch_runtime()));
  }
  const at::Device chosen(device == "cuda" ? "cuda:0" : device);
  const auto devices = at::detail::getCUDAHooks().getNumGPUs();
  if (chosen.index() >= devices) {
    throw ModelError(
        fmt::format("device '{}': this machine has {} CUDA device(s), cuda:0 to cuda:{}", device,
                    devices, devices - 1));
  }
  // Otherwise cuDNN chooses its kernels by timing, and answers differ from run to run.
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setBenchmarkCuDNN(false);
  return chosen;
}

void use_one_thread() {
  if (at::get_num_threads() != 1) {
    at::set_num_threads(1);
  }
  static const bool once = (use_one_blas_thread(), true);
  static_cast<void>(once);
}

at::Tensor to_tensor(const ImageBatch& images, const InputSpec& input, const at::Device& device) {
  const ImageBatch::Floats floats = images.floats(input);
  const bool planar = input.layout == Layout::nchw;
  const std::vector<std::int64_t> shape =
      planar
          ? std::vector<std::int64_t>{floats.count, floats.channels, floats.height, floats.width}
          : std::vector<std::int64_t>{floats.count, floats.height, floats.width, floats.channels};
  // A copy: the batch's floats also go to the other model, and LibTorch's memory is always aligned
  // alike, so that kernels take the same paths.
  const auto copied = [&](const at::TensorOptions& options) {
    at::Tensor tensor = at::empty(shape, options);
    std::memcpy(tensor.data_ptr<float>(), floats.data,
                static_cast<std::size_t>(tensor.numel()) * sizeof(float));
    return tensor;
  };
  if (device.is_cpu()) return copied(at::kFloat);

  // One transfer for both models, from pinned memory, so that it need not be waited for. LibTorch
  // keeps that memory until the transfer is done, and for the next batch.
  auto transferred = std::static_pointer_cast<OnDevice>(images.backend_form());
  if (!transferred || transferred->device != device || transferred->input != input) {
    const at::Tensor pinned = copied(at::TensorOptions(at::kFloat).pinned_memory(true));
    transferred = std::make_shared<OnDevice>(OnDevice{device, input, pinned.to(device, true)});
    images.backend_form() = transferred;
  }
  return transferred->tensor.clone();
}

at::Tensor require_scores(at::Tensor answer, std::size_t images) {
  if (!answer.defined()) {
    throw ModelError(fmt::format(
        "answered an undefined tensor; expected a tensor of images x classes = {} x N", images));
  }
  if (answer.is_quantized()) {
    answer = answer.dequantize();
  }
  require_floats(answer);
  if (answer.dim() != 2 || answer.size(0) != static_cast<std::int64_t>(images)) {
    throw ModelError(fmt::format(
        "answered a tensor of shape {}, expected images x classes = {} x N; {}", shape_of(answer),
        images, scores_to_export(static_cast<std::size_t>(answer.dim()))));
  }
  return answer;
}

void to_scores(at::Tensor answer, std::size_t images, Scores& scores) {
  answer = require_scores(std::move(answer), images);
  answer = answer.to(at::kCPU, at::kFloat).contiguous();
  scores.resize(static_cast<int>(answer.size(0)), static_cast<int>(answer.size(1)));
  if (answer.numel() > 0) {
    std::memcpy(scores.row(0), answer.data_ptr<float>(),
                static_cast<std::size_t>(answer.numel()) * sizeof(float));
  }
}

std::string failure_text(const ImageBatch& images, const InputSpec& input,
                         const std::exception& failure) {
  const ImageBatch::Floats fed = images.floats(input);
  return fmt::format("failed on {} image(s) of {} x {} x {}: {}", fed.count, fed.height, fed.width,
                     fed.channels, with_remedy(Library::libtorch, torch_message(failure)));
}

std::vector<float> torch_input_gradient(
    const std::function<at::Tensor(const at::Tensor& batch)>& forward, const ImageBatch& one,
    const InputSpec& input, const at::Device& device, int a, int b) {
  use_one_thread();
  const c10::InferenceMode with_gradients(false);
  const at::Tensor leaf = to_tensor(one, input, device).requires_grad_();
  at::Tensor difference;
  try {
    // A copy, since a model may not change a leaf in place.
    const at::Tensor answer = require_scores(forward(leaf.clone()), one.size());
    difference = difference_of(answer[0], input.output, a, b);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& failure) {
    throw ModelError(failure_text(one, input, failure));
  }
  return differentiate(difference, leaf);
}

}  // namespace dflare
