#include "model/openvino/openvino.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <cstring>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <sstream>

#include "dflare/error.hpp"
#include "model/input_tensor.hpp"
#include "model/model_access.hpp"
#include "model/named_model.hpp"
#include "model/openvino/answer.hpp"
#include "model/openvino/file.hpp"
#include "model/openvino/tensors.hpp"
#include "model/remedies.hpp"
#include "support/written_numbers.hpp"

namespace dflare {
namespace {

/// What replicas share.
struct Program {
  ov::Core core;
  std::shared_ptr<ov::Model> model;
  std::string device;    ///< as OpenVINO names it
  std::string compiled;  ///< for the CPU: what its plugin made of the model, for the next copies
  InputTensor input;
  OpenVinoAnswer answer;
};

std::string device_of(ov::Core& core, const LoadOptions& options) {
  if (!options.engine.empty()) {
    throw ModelError(fmt::format(
        "engine '{}': OpenVINO has no choice of quantised engines, LibTorch alone has; leave the "
        "engine out",
        options.engine));
  }
  const std::string device = boost::to_upper_copy(options.device);
  if (device == "CPU") return device;
  const std::vector<std::string> there = core.get_available_devices();
  // "GPU" is the first of several, "GPU.0", "GPU.1".
  const bool found = std::any_of(there.begin(), there.end(), [&](const std::string& one) {
    return one == device || one == device + ".0";
  });
  if (!found) {
    throw ModelError(
        fmt::format("device '{}': {} finds no such device here, but {}; set device: "
                    "cpu, or one of those",
                    options.device, openvino_runtime(),
                    boost::to_lower_copy(fmt::format("{}", fmt::join(there, ", ")))));
  }
  return device;
}

/// One thread, all of single precision, as the same kernels in each replica.
ov::AnyMap settings_for(const std::string& device) {
  ov::AnyMap settings = {ov::num_streams(1), ov::hint::inference_precision(ov::element::f32),
                         ov::hint::execution_mode(ov::hint::ExecutionMode::ACCURACY)};
  if (device == "CPU") {
    settings.insert(ov::inference_num_threads(1));
    settings.insert(ov::hint::enable_cpu_pinning(false));
  }
  return settings;
}

/// Compiles the model, or takes what was compiled before, which is several times as fast.
ov::InferRequest compile(Program& program) {
  const ov::AnyMap settings = settings_for(program.device);
  if (!program.compiled.empty()) {
    const ov::Tensor bytes(ov::element::u8, {program.compiled.size()}, program.compiled.data());
    return program.core.import_model(bytes, program.device, settings).create_infer_request();
  }
  ov::CompiledModel compiled = program.core.compile_model(program.model, program.device, settings);
  if (program.device == "CPU" && streams_write_plain_numbers()) {
    std::ostringstream bytes;
    compiled.export_model(bytes);
    program.compiled = bytes.str();
  }
  return compiled.create_infer_request();
}

class OpenVinoModel : public Model {
 public:
  OpenVinoModel(std::shared_ptr<Program> program, InputSpec input, ModelInfo info)
      : Model(std::move(input), std::move(info)),
        program_(std::move(program)),
        feed_(program_->input.element, program_->input.quantisation) {
    const bool eight_bit = program_->model->output().get_element_type().size() == 1;
    if (eight_bit || this->input().output == Output::probabilities) {
      ModelAccess::set_score_step(*this, program_->answer.step);
    }
    try {
      batches_ = compile(*program_);
    } catch (const std::exception& failure) {
      throw ModelError(fmt::format("{} cannot compile it for device '{}': {}", openvino_runtime(),
                                   program_->device,
                                   with_remedy(Library::openvino, openvino_message(failure))));
    }
  }

  std::shared_ptr<Model> replicate() const override {
    return naming_model(
        info_.name, [this] { return std::make_shared<OpenVinoModel>(program_, input(), info()); });
  }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    const Feed::Tensor fed = feed_.fill(images, input());
    const int fixed = program_->input.most_images;
    const int at_once = fixed == 0 ? fed.count : fixed;
    for (int first = 0; first < fed.count; first += at_once) {
      const int count = std::min(at_once, fed.count - first);
      ov::Tensor answer;
      try {
        answer = ask(at_once, count, fed, first);
      } catch (const std::exception& failure) {
        throw ModelError(fmt::format("failed on {} image(s) of {} x {} x {}: {}", count, fed.height,
                                     fed.width, fed.channels, openvino_message(failure)));
      }
      take(answer, at_once, count, first, fed.count, answers);
    }
  }

 private:
  /// Of a model for so many images at once, the places that are left are filled with zeros.
  ov::Tensor ask(int at_once, int count, const Feed::Tensor& fed, int first) {
    const void* data = fed.from(first);
    if (count < at_once) {
      padded_.assign(static_cast<std::size_t>(at_once) * fed.bytes_an_image, 0);
      std::memcpy(padded_.data(), data, static_cast<std::size_t>(count) * fed.bytes_an_image);
      data = padded_.data();
    }
    const auto side = [](int value) { return static_cast<std::size_t>(value); };
    const bool planar = input().layout == Layout::nchw;
    const ov::Shape shape =
        planar ? ov::Shape{side(at_once), side(fed.channels), side(fed.height), side(fed.width)}
               : ov::Shape{side(at_once), side(fed.height), side(fed.width), side(fed.channels)};
    require_shape(shape);
    ov::InferRequest& request = request_for(at_once);
    request.set_input_tensor(ov::Tensor(program_->model->input().get_element_type(), shape, data));
    request.infer();
    return request.get_output_tensor();
  }

  /// The CPU plugin prepares itself anew when the number of images changes. A search asks for
  /// single images between its batches: they go to a copy of their own.
  ov::InferRequest& request_for(int at_once) {
    if (at_once > 1 || program_->input.most_images != 0) return batches_;
    if (!singles_) singles_ = compile(*program_);
    return singles_;
  }

  /// The CPU plugin computes on, and answers nonsense, where images of another size do not fit
  /// into the model further on.
  void require_shape(const ov::Shape& shape) {
    const ov::Shape image(shape.begin() + 1, shape.end());
    if (image == fitting_) return;
    const auto model = program_->model->clone();
    model->get_parameters()[0]->set_partial_shape(ov::PartialShape(shape));
    model->validate_nodes_and_infer_types();
    fitting_ = image;
  }

  void take(const ov::Tensor& answer, int at_once, int count, int first, int all, Scores& answers) {
    const ov::Shape shape = answer.get_shape();
    if (shape.size() != 2 || shape[0] != static_cast<std::size_t>(at_once)) {
      throw ModelError(fmt::format(
          "answered a tensor of shape {}, expected images x classes = {} x N; {}",
          ov::PartialShape(shape).to_string(), at_once, scores_to_export(shape.size())));
    }
    const int classes = static_cast<int>(shape[1]);
    if (first == 0) answers.resize(all, classes);
    float* scores = answers.row(first);
    const std::size_t values = static_cast<std::size_t>(count) * shape[1];
    if (answer.get_element_type() == ov::element::f32) {
      std::memcpy(scores, answer.data<const float>(), values * sizeof(float));
    } else if (answer.get_element_type() == ov::element::u8) {
      read(answer.data<const std::uint8_t>(), values, scores);
    } else {
      read(answer.data<const std::int8_t>(), values, scores);
    }
  }

  template <class Number>
  void read(const Number* numbers, std::size_t count, float* scores) const {
    const OpenVinoAnswer& answer = program_->answer;
    std::transform(numbers, numbers + count, scores, [&](Number number) {
      return (static_cast<float>(number) - answer.zero) * answer.step;
    });
  }

  std::shared_ptr<Program> program_;
  Feed feed_;
  std::vector<unsigned char> padded_;
  ov::Shape fitting_;
  ov::InferRequest batches_, singles_;
};

std::shared_ptr<Program> read_program(const LoadOptions& options, const std::string& path,
                                      ModelInfo& info) try {
  auto program = std::make_shared<Program>();
  program->device = device_of(program->core, options);
  const OpenVinoFile file = read_openvino_file(path);
  info.sha256 = file.sha256;
  info.files = file.files;
  program->model = with_floats(file.model);
  program->answer = openvino_answer(*program->model);
  require_scores(*program->model, program->answer);
  program->input = openvino_input(*program->model);
  program->input.output = program->answer.output;
  return program;
} catch (const ov::Exception& failure) {
  throw ModelError(fmt::format("{}: {}", openvino_runtime(), openvino_message(failure)));
}

}  // namespace

std::shared_ptr<Model> load_openvino(const std::string& path, const LoadOptions& options) {
  ModelInfo info;
  info.path = path;
  info.name = path;
  info.backend = "OpenVINO";
  info.runtime = openvino_runtime();
  info.device = options.device;
  return naming_model(path, [&] {
    const auto program = read_program(options, path, info);
    return std::make_shared<OpenVinoModel>(program, agree(options.input, program->input), info);
  });
}

}  // namespace dflare
