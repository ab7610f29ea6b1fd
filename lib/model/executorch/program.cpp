#include "model/executorch/program.hpp"

#include <executorch/extension/data_loader/buffer_data_loader.h>
#include <executorch/runtime/backend/interface.h>
#include <executorch/runtime/core/exec_aten/util/scalar_type_util.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <new>

#include "dflare/error.hpp"
#include "model/executorch/failure.hpp"

namespace dflare {
namespace {

namespace et = executorch::runtime;
using executorch::aten::ScalarType;
using executorch::extension::Module;

constexpr const char* cannot_load = "ExecuTorch cannot load it";

// "ET12": after the offset that every flatbuffer begins with.
void require_identifier(const std::string& bytes) {
  if (bytes.empty()) {
    throw ModelError("the file is empty; copy it again, or export it again");
  }
  if (bytes.size() < 8 || bytes.compare(4, 2, "ET") != 0) {
    throw ModelError(
        "this is no ExecuTorch file; expected what the to_executorch() of ExecuTorch's exporter "
        "writes");
  }
}

// One workspace for all would make the workers wait for one another.
et::Error load_with_own_workspaces(Module& module) {
  et::BackendOptions<1> options;
  et::LoadBackendOptionsMap of_backends;
  et::Error error = options.set_option("workspace_sharing_mode", 0);
  if (error == et::Error::Ok) error = of_backends.set_options("XnnpackBackend", options.view());
  if (error != et::Error::Ok) return error;
  return module.load(of_backends, et::Program::Verification::InternalConsistency);
}

void require_forward(Module& module) {
  const auto names = module.method_names();
  if (!names.ok() || names->count("forward") != 0) return;
  throw ModelError(fmt::format(
      "it has no method forward, but {}; export the model's forward",
      names->empty() ? "no method at all" : fmt::format("{}", fmt::join(*names, ", "))));
}

void require_delegates(const et::MethodMeta& method) {
  for (std::size_t i = 0; i < method.num_backends(); ++i) {
    const auto name = method.get_backend_name(i);
    if (name.ok() && !et::get_backend_class(*name)) {
      throw ModelError(
          fmt::format("it is compiled for the delegate {}, but dflare runs XnnpackBackend alone; "
                      "export it for XNNPACK, or serve it by a process (docs/process.md)",
                      *name));
    }
  }
}

Element element_of(ScalarType type) {
  switch (type) {
    case ScalarType::Float:
      return Element::float32;
    case ScalarType::Byte:
      return Element::uint8;
    case ScalarType::Char:
      return Element::int8;
    default:
      throw ModelError(
          fmt::format("its input is a tensor of type {}; expected Float, Byte (8-bit pixels) or "
                      "Char (pixel - 128); export it with such an input",
                      et::toString(type)));
  }
}

}  // namespace

ExecuTorchProgram::ExecuTorchProgram(std::shared_ptr<const std::string> bytes)
    : bytes_(std::move(bytes)) {
  const ExecuTorchTurn turn;
  try {
    load(turn);
  } catch (const std::bad_alloc&) {
    throw ModelError(fmt::format("{}: {}", cannot_load,
                                 executorch_failure(et::Error::MemoryAllocationFailed, turn)));
  }
}

ExecuTorchProgram::~ExecuTorchProgram() {
  const ExecuTorchTurn turn;
  module_.reset();
}

void ExecuTorchProgram::load(const ExecuTorchTurn& turn) {
  require_identifier(*bytes_);
  module_ = std::make_unique<Module>(
      std::make_unique<executorch::extension::BufferDataLoader>(bytes_->data(), bytes_->size()));
  et::Error error = load_with_own_workspaces(*module_);
  // So it says of a file that is shorter than a header.
  if (error == et::Error::InvalidArgument) error = et::Error::InvalidProgram;
  require_executorch(error, turn, cannot_load);
  require_forward(*module_);
  const auto method = module_->method_meta("forward");
  require_executorch(method.error(), turn, cannot_load);
  require_delegates(*method);
  read_input(*method);
  read_output(*method);
  require_executorch(module_->load_forward(), turn, cannot_load);
  require_any_count(turn);
}

void ExecuTorchProgram::read_input(const et::MethodMeta& method) {
  if (method.num_inputs() != 1) {
    throw ModelError(
        fmt::format("it takes {} inputs; expected one, the images: export it with that alone",
                    method.num_inputs()));
  }
  const auto tensor = method.input_tensor_meta(0);
  if (!tensor.ok()) {
    throw ModelError("its input is no tensor; expected one of images; export it with that alone");
  }
  type_ = tensor->scalar_type();
  sizes_.assign(tensor->sizes().begin(), tensor->sizes().end());
  order_.assign(tensor->dim_order().begin(), tensor->dim_order().end());
  const std::vector<executorch::aten::DimOrderType> plain = {0, 1, 2, 3},
                                                    channels_last = {0, 2, 3, 1};
  std::vector<std::int64_t> shape(sizes_.begin(), sizes_.end());
  std::optional<Layout> layout;
  if (shape.size() == 4 && order_ == channels_last) {
    std::rotate(shape.begin() + 1, shape.begin() + 2, shape.end());
    layout = Layout::nhwc;
  } else if (shape.size() == 4 && order_ != plain) {
    throw ModelError(fmt::format(
        "the dimensions of its input lie in memory in the order {}; expected that of a contiguous "
        "or a channels_last tensor; export it so",
        fmt::join(order_, " ")));
  }
  input_ = input_tensor(element_of(type_), shape, layout);
  if (input_.most_images < 1 || bytes_an_image() == 0) {
    throw ModelError(
        fmt::format("its input is a tensor of {}, which holds no image; export it again",
                    fmt::join(sizes_, " x ")));
  }
}

void ExecuTorchProgram::read_output(const et::MethodMeta& method) {
  if (method.num_outputs() != 1) {
    throw ModelError(
        fmt::format("it answers {} values; expected one tensor of images x classes; export the "
                    "scores alone",
                    method.num_outputs()));
  }
  const auto tensor = method.output_tensor_meta(0);
  if (!tensor.ok() || tensor->scalar_type() != ScalarType::Float || tensor->sizes().size() != 2 ||
      tensor->dim_order()[0] != 0) {
    throw ModelError(fmt::format(
        "it answers {}; expected a contiguous tensor of images x classes of type Float; export it "
        "so",
        tensor.ok() ? fmt::format("a tensor of {} of type {}", fmt::join(tensor->sizes(), " x "),
                                  et::toString(tensor->scalar_type()))
                    : "no tensor"));
  }
  classes_ = tensor->sizes()[1];
}

// The file says the most images, not whether it takes fewer.
void ExecuTorchProgram::require_any_count(const ExecuTorchTurn& turn) {
  if (input_.most_images == 1) return;
  const std::vector<char> blank(bytes_an_image());
  const et::Error error = module_->set_input(tensor_of(blank.data(), 1), 0);
  if (error == et::Error::NotSupported) {
    throw ModelError(
        fmt::format("it takes exactly {} images at once; export it for one image, or with a "
                    "dynamic number of images (torch.export.Dim)",
                    input_.most_images));
  }
  require_executorch(error, turn, cannot_load);
}

std::size_t ExecuTorchProgram::bytes_an_image() const {
  std::size_t bytes = et::elementSize(type_);
  for (std::size_t i = 1; i < sizes_.size(); ++i) {
    bytes *= static_cast<std::size_t>(std::max(sizes_[i], 0));
  }
  return bytes;
}

executorch::extension::TensorPtr ExecuTorchProgram::tensor_of(const void* images, int count) const {
  Sizes sizes = sizes_;
  sizes[0] = count;
  // Programs do not write to their inputs.
  return executorch::extension::for_blob(const_cast<void*>(images), std::move(sizes), type_)
      .dim_order(order_)
      .make_tensor_ptr();
}

void ExecuTorchProgram::run(const void* images, std::size_t bytes, int count, float* answers) {
  if (bytes != bytes_an_image()) {
    throw ModelError(
        fmt::format("was fed images of {} bytes; expected {}, of {}; correct the size of its input "
                    "specification",
                    bytes, bytes_an_image(), fmt::join(sizes_.begin() + 1, sizes_.end(), " x ")));
  }
  const ExecuTorchTurn turn;
  const auto answer = module_->forward(tensor_of(images, count));
  require_executorch(answer.error(), turn, fmt::format("failed on {} image(s)", count));
  const auto& tensor = answer->at(0).toTensor();
  if (tensor.dim() != 2 || tensor.size(0) != count || tensor.size(1) != classes_) {
    throw ModelError(fmt::format("answered a tensor of {} for {} image(s); expected {} x {}",
                                 fmt::join(tensor.sizes(), " x "), count, count, classes_));
  }
  std::copy_n(tensor.const_data_ptr<float>(), tensor.numel(), answers);
}

}  // namespace dflare
