#include "model/process/process_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "dflare/error.hpp"
#include "model/model_access.hpp"
#include "model/process/command_files.hpp"
#include "model/process/sandbox.hpp"

namespace dflare {
namespace {

// Room for the answers of a model that did not say how many classes it has.
constexpr int most_unknown_classes = 1 << 16;

std::size_t aligned(std::size_t bytes) {
  constexpr std::size_t line = 64;
  return (bytes + line - 1) / line * line;
}

// dflare's own host takes images as they are, and feeds them to the model by itself.
InputSpec fed_to(const Service& service, InputSpec input) {
  if (service.isolated) input.layout = Layout::nhwc;
  return input;
}

}  // namespace

ProcessModel::ProcessModel(std::shared_ptr<Service> service, std::unique_ptr<Channel> child,
                           bool greeted, InputSpec input, ModelInfo info)
    : Model(std::move(input), std::move(info)),
      service_(std::move(service)),
      child_(std::move(child)),
      greeted_(greeted),
      feed_(service_->hello.input.element, service_->hello.input.quantisation),
      classes_(service_->hello.classes) {
  ModelAccess::set_score_step(*this, service_->hello.score_step);
}

ProcessModel::~ProcessModel() = default;

std::shared_ptr<Model> ProcessModel::replicate() const {
  auto child = std::make_unique<Channel>(service_->command, service_->limits);
  return std::make_shared<ProcessModel>(service_, std::move(child), false, input(), info());
}

void ProcessModel::run(const ImageBatch& images, Scores& answers) {
  service_->starts.require_closed();
  service_->answers.require_closed();
  be_ready();
  try {
    evaluate(images, answers);
  } catch (const ChildFailure& failure) {
    const std::string what =
        explain(*child_, failure, fmt::format(", asked about {} image(s)", images.size()));
    drop_child();
    service_->answers.failed(what);
    throw ModelError(what);
  }
  service_->answers.answered();
}

void ProcessModel::be_ready() {
  if (greeted_) return;
  std::string other;
  try {
    if (!child_) child_ = std::make_unique<Channel>(service_->command, service_->limits);
    other = difference(service_->hello, greet(*child_));
  } catch (const ModelError& failure) {
    drop_child();
    service_->answers.failed(failure.what());
    service_->starts.failed(failure.what());
    throw;
  }
  if (!other.empty()) {
    drop_child();
    service_->answers.open(
        fmt::format("its processes do not say the same of themselves ({}), so that they may answer "
                    "differently; the command must serve one model, whenever it is started",
                    other));
    service_->answers.require_closed();
  }
  greeted_ = true;
  service_->starts.answered();
}

void ProcessModel::drop_child() {
  if (child_) child_->abandon();
  child_.reset();
  greeted_ = false;
}

void ProcessModel::evaluate(const ImageBatch& images, Scores& answers) {
  const Feed::Tensor tensor = feed_.fill(images, fed_to(*service_, input()));
  const int most = service_->hello.input.most_images;
  const int part = most == 0 ? tensor.count : std::min(most, tensor.count);
  for (int first = 0; first < tensor.count; first += part)
    evaluate_part(tensor, first, std::min(part, tensor.count - first), answers);
}

void ProcessModel::evaluate_part(const Feed::Tensor& tensor, int first, int count,
                                 Scores& answers) {
  const std::size_t bytes = tensor.bytes_an_image * static_cast<std::size_t>(count);
  const std::size_t room =
      static_cast<std::size_t>(count) *
      static_cast<std::size_t>(classes_ == 0 ? most_unknown_classes : classes_);
  BatchRequest request{++batches_,      count, tensor.height,  tensor.width,
                       tensor.channels, 0,     aligned(bytes), 0};
  SharedMemory& memory = child_->memory();
  memory.grow(request.scores_at + room * sizeof(float));
  request.memory = memory.bytes();
  std::memcpy(memory.at(0), tensor.from(first), bytes);
  auto* const scores = reinterpret_cast<float*>(memory.at(request.scores_at));
  // What the child does not write must not look like an answer.
  std::fill_n(scores, room, std::numeric_limits<float>::quiet_NaN());

  const BatchAnswer answer = parse_answer(child_->ask(to_json(request)), request.batch);
  check(answer, count);
  classes_ = answer.classes;
  if (first == 0) answers.resize(tensor.count, classes_);
  std::copy_n(scores, static_cast<std::size_t>(count) * static_cast<std::size_t>(classes_),
              answers.row(first));
}

void ProcessModel::check(const BatchAnswer& answer, int images) const {
  const bool too_many = classes_ == 0 && answer.classes > most_unknown_classes;
  const bool other_classes = classes_ != 0 && answer.classes != classes_;
  if (answer.rows == images && !too_many && !other_classes) return;
  const std::string classes =
      classes_ == 0 ? fmt::format("at most {}", most_unknown_classes) : std::to_string(classes_);
  throw ChildFailure(fmt::format("answered {} x {} scores, expected images x classes = {} x {}",
                                 answer.rows, answer.classes, images, classes),
                     "make it answer one row an image and always the same number of classes");
}

std::shared_ptr<Model> load_process(const Command& command, const LoadOptions& options) {
  if (command.words.empty()) throw ConfigError("the command of a model has no words");
  if (options.isolate || options.device != "cpu" || !options.engine.empty()) {
    throw ConfigError(
        "isolate, device and engine are for model files; a command says by its arguments where "
        "and how it runs the model");
  }
  dflare::check(options.limits);
  ModelInfo info;
  info.name = command_line(command);
  try {
    auto service = std::make_shared<Service>();
    service->command = options.sandbox ? sandboxed(command) : command;
    service->limits = options.limits;
    auto child = std::make_unique<Channel>(service->command, options.limits);
    service->hello = greet(*child);
    info.backend = "process";
    info.runtime = service->hello.runtime;
    const CommandFiles files = files_of(command, service->hello);
    info.sha256 = files.sha256;
    info.files = files.files;
    info.process = command;
    info.sandboxed = options.sandbox;
    info.limits = options.limits;
    return std::make_shared<ProcessModel>(service, std::move(child), /*greeted=*/true,
                                          agree(options.input, service->hello.input), info);
  } catch (const ModelError& failure) {
    throw ModelError(info.name, failure.what());
  }
}

}  // namespace dflare
