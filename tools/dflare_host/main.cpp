// dflare-host: loads a model file and answers for it over the protocol of docs/process.md, so that
// the program that tests the model outlives it.

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include "connection.hpp"
#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/input_json.hpp"
#include "model/model_access.hpp"
#include "model/process/protocol.hpp"
#include "model/process/shared_memory.hpp"
#include "support/json.hpp"
#include "support/version.hpp"

namespace dflare {
namespace {

constexpr int connection = 3, memory = 4;

/// Whether dflare started this program.
bool is_served() {
  const char* protocol = std::getenv("DFLARE_PROTOCOL");
  return protocol != nullptr && std::to_string(process_protocol) == protocol &&
         ::fcntl(connection, F_GETFD) >= 0 && ::fcntl(memory, F_GETFD) >= 0;
}

/// Ends this program with the one that started it, whatever the model is doing.
void end_with_parent() {
  std::thread([] {
    pollfd gone = {connection, 0, 0};
    while (::poll(&gone, 1, -1) <= 0) {
    }
    ::_exit(0);
  }).detach();
}

Hello hello_of(const Model& model) {
  const ModelInfo& info = model.info();
  Hello hello;
  hello.runtime = info.runtime;
  hello.input.element = Element::uint8;
  hello.input.layout = Layout::nhwc;
  hello.input.size = model.input().size;
  hello.input.channels = model.input().channels;
  hello.input.output = model.input().output;
  hello.score_step = ModelAccess::score_step(model);
  hello.file = info.path;
  hello.sha256 = info.sha256;
  hello.host = HostHello{version(), model.input(), info.backend, info.device, info.engine};
  return hello;
}

ImageBatch images_of(const BatchRequest& request, const SharedMemory& shared) {
  const int type = request.channels == 1 ? CV_8UC1 : CV_8UC3;
  const std::size_t bytes = static_cast<std::size_t>(request.height) *
                            static_cast<std::size_t>(request.width) *
                            static_cast<std::size_t>(request.channels);
  ImageBatch images;
  for (int i = 0; i < request.images; ++i) {
    char* pixels = shared.at(request.images_at + static_cast<std::size_t>(i) * bytes);
    images.add(Image(request.height, request.width, type, pixels));
  }
  return images;
}

BatchAnswer evaluate(Model& model, const BatchRequest& request, SharedMemory& shared) {
  if (request.memory > shared.bytes()) shared.map(request.memory);
  Scores scores;
  model.answers(images_of(request, shared), scores);
  const auto count =
      static_cast<std::size_t>(scores.rows()) * static_cast<std::size_t>(scores.classes());
  if (request.scores_at + count * sizeof(float) > request.memory)
    throw ModelError(fmt::format("{} classes are more than dflare has room for", scores.classes()));
  std::copy_n(scores.row(0), count, reinterpret_cast<float*>(shared.at(request.scores_at)));
  return {request.batch, scores.rows(), scores.classes()};
}

/// The message without the model's name, which dflare puts before it.
std::string without_name(const std::exception& error, const std::string& path) {
  const auto* of_model = dynamic_cast<const ModelError*>(&error);
  return of_model != nullptr && of_model->model() == path ? of_model->reason() : error.what();
}

int serve(const std::string& path, const LoadOptions& options) {
  end_with_parent();
  Connection parent(connection);
  std::shared_ptr<Model> model;
  try {
    model = load(path, options);
  } catch (const std::exception& error) {
    parent.send({{"error", without_name(error, path)}});
    return 1;
  }
  parent.send(to_json(hello_of(*model)));
  SharedMemory shared{Descriptor(memory)};
  while (const auto message = parent.receive()) {
    const BatchRequest request = parse_request(*message);
    try {
      parent.send(to_json(evaluate(*model, request, shared)));
    } catch (const Error& error) {
      parent.send(error_answer(request.batch, without_name(error, path)));
    }
  }
  return 0;
}

}  // namespace
}  // namespace dflare

int main(int argc, char** argv) {
  CLI::App app(
      "Loads a model file in a process of its own, for dflare: isolate: true in a manifest.");
  std::string path, input;
  dflare::LoadOptions options;
  app.add_option("FILE", path, "model file")->required();
  app.add_option("--input", input, "input specification as JSON, every field");
  app.add_option("--device", options.device, "cpu, cuda, cuda:1");
  app.add_option("--engine", options.engine, "of int8 models");
  CLI11_PARSE(app, argc, argv);
  if (!dflare::is_served()) {
    std::cerr << "dflare-host: dflare's own programs start this one to load a model that has "
                 "isolate: true, "
                 "and nothing else can be done with it\n";
    return 2;
  }
  try {
    if (!input.empty()) options.input = dflare::input_from_json(dflare::parse_json(input));
  } catch (const std::exception& error) {
    std::cerr << "dflare-host: --input: " << error.what() << '\n';
    return 2;
  }
  return dflare::serve(path, options);
}
