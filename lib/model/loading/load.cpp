#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/filesystem.hpp>
#include <map>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/exported_program.hpp"
#include "model/loading/backends.hpp"
#include "model/loading/registered_backends.hpp"
#include "model/process/isolated.hpp"
#include "model/version_text.hpp"
#include "support/version.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

ModelError of_file(const std::string& path, const std::string& reason) {
  return {path, reason, fmt::format("model file '{}': {}", path, reason)};
}

void require_file(const std::string& path) {
  boost::system::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (fs::is_directory(status)) {
    throw of_file(path, "this is a folder; give the path of a model file");
  }
  if (!fs::is_regular_file(status)) {
    throw of_file(path, fmt::format("{}; check the path (current folder: {})",
                                    failure ? failure.message() : "no regular file",
                                    fs::current_path().string()));
  }
}

/// Formats that dflare does not read, and how to get one that it does.
std::string other_format(const std::string& extension) {
  const std::string weights =
      "weights alone, without a program; load them in Python and save TorchScript: "
      "torch.jit.script(model.eval()).save(path)";
  const std::string keras =
      "Keras or TensorFlow; convert it: tf.lite.TFLiteConverter.from_keras_model(model).convert()";
  static const std::map<std::string, std::string> formats = {
      {".pt2", exported_program},
      {".ptl",
       "TorchScript for phones (_save_for_lite_interpreter); save the module as TorchScript: "
       "module.save(path)"},
      {".ptd", "weights of an ExecuTorch program; give the .pte, exported with its weights inside"},
      {".data", "external data of an ONNX file; give the .onnx"},
      {".bin", "weights of an OpenVINO file; give the .xml"},
      {".safetensors", weights},
      {".ckpt", weights},
      {".tar", weights},
      {".h5", keras},
      {".keras", keras},
      {".pb", keras}};
  const auto found = formats.find(extension);
  return found == formats.end() ? "" : found->second;
}

}  // namespace

bool is_own_extension(const std::string& extension) {
  return std::any_of(backends().begin(), backends().end(), [&](const Backend& backend) {
    const auto& own = backend.extensions;
    return std::find(own.begin(), own.end(), extension) != own.end();
  });
}

std::string version_text(const std::string& program) {
  std::string text = program + " " + version();
  for (const Backend& backend : backends()) {
    if (backend.runtime != nullptr) text += "\n" + backend.runtime();
  }
  if (server_backend().runtime != nullptr) text += "\n" + server_backend().runtime();
  return text;
}

std::shared_ptr<Model> load(const std::string& path, const LoadOptions& options) {
  require_file(path);
  const std::string extension = boost::to_lower_copy(fs::path(path).extension().string());
  if (const FileBackend* registered = registered_backend(extension))
    return load_registered(*registered, path, options);
  std::string known;
  for (const Backend& backend : backends()) {
    const auto& own = backend.extensions;
    if (std::find(own.begin(), own.end(), extension) == own.end()) {
      known +=
          fmt::format("{}{} ({})", known.empty() ? "" : "; ", fmt::join(own, ", "), backend.name);
      continue;
    }
    if (!backend.load) {
      throw of_file(path, fmt::format("this build of dflare has no {}, which reads {} files; {}",
                                      backend.name, extension, backend.how_to_get));
    }
    const bool apart = options.isolate || options.sandbox;
    return apart ? load_isolated(path, options) : backend.load(path, options);
  }
  for (const FileBackend& backend : registered_backends())
    known += fmt::format("; {} ({})", fmt::join(backend.extensions, ", "), backend.name);
  const std::string other = other_format(extension);
  throw of_file(
      path, fmt::format("unknown extension '{}'{}; known are: {}. Another format can be served by "
                        "a process or a server (docs/process.md, docs/server.md)",
                        extension, other.empty() ? "" : ", " + other, known));
}

std::shared_ptr<Model> load(const std::string& path) {
  return load(path, LoadOptions());
}

std::shared_ptr<Model> load(const std::string& path, const InputSpec& input) {
  LoadOptions options;
  options.input = input;
  return load(path, options);
}

std::shared_ptr<Model> load_server(const Server& server, const LoadOptions& options) {
  const ServerBackend& backend = server_backend();
  if (backend.load) return backend.load(server, options);
  const std::string reason =
      "this build of dflare has no client for servers; " + backend.how_to_get;
  throw ModelError(ModelSource(server).name(), reason,
                   fmt::format("model '{}' at {}: {}", server.model, server.url, reason));
}

std::shared_ptr<Model> load(const ModelSource& source, const LoadOptions& options) {
  if (!source.given()) {
    throw ConfigError(
        "the source of a model names nothing; expected one of a file, a command and the URL of a "
        "server");
  }
  if (source.command() != nullptr) return load_process(*source.command(), options);
  return source.server() != nullptr ? load_server(*source.server(), options)
                                    : load(source.path(), options);
}

}  // namespace dflare
