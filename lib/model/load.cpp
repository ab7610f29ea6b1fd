#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/backend.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

const std::vector<Backend>& backends() {
  static const std::vector<Backend> all = {
      torchscript_backend(),
      openvino_backend(),
      executorch_backend(),
  };
  return all;
}

void require_file(const std::string& path) {
  boost::system::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (fs::is_directory(status)) {
    throw ModelError(
        fmt::format("model file '{}': this is a folder; give the path of a model file", path));
  }
  if (!fs::is_regular_file(status)) {
    throw ModelError(fmt::format("model file '{}': {}; check the path (current folder: {})", path,
                                 failure ? failure.message() : "no regular file",
                                 fs::current_path().string()));
  }
}

}  // namespace

std::shared_ptr<Model> load(const std::string& path, const LoadOptions& options) {
  require_file(path);
  const std::string extension = boost::to_lower_copy(fs::path(path).extension().string());
  std::string known;
  for (const Backend& backend : backends()) {
    const auto& own = backend.extensions;
    if (std::find(own.begin(), own.end(), extension) == own.end()) {
      known +=
          fmt::format("{}{} ({})", known.empty() ? "" : "; ", fmt::join(own, ", "), backend.name);
      continue;
    }
    if (!backend.load) {
      throw ModelError(
          fmt::format("model file '{}': this build of dflare has no {}, which reads "
                      "{} files; {}",
                      path, backend.name, extension, backend.missing));
    }
    return options.isolate ? load_isolated(path, options) : backend.load(path, options);
  }
  throw ModelError(
      fmt::format("model file '{}': unknown extension '{}'; known are: {}. Another format can be "
                  "served by a process or a server (docs/process.md, docs/server.md)",
                  path, extension, known));
}

std::shared_ptr<Model> load(const std::string& path) {
  return load(path, LoadOptions());
}

std::shared_ptr<Model> load(const std::string& path, const InputSpec& input) {
  LoadOptions options;
  options.input = input;
  return load(path, options);
}

std::shared_ptr<Model> load(const ModelSource& source, const LoadOptions& options) {
  const bool process = !source.process.words.empty(), server = !source.server.url.empty();
  const int given = !source.file.empty() + process + server;
  if (given != 1) {
    throw ConfigError(fmt::format(
        "the source of a model names {}; expected one of a file, a command and the URL of a server",
        given == 0 ? "nothing" : "several of them"));
  }
  if (process) return load_process(source.process, options);
  return server ? load_server(source.server, options) : load(source.file, options);
}

std::string ModelSource::name() const {
  if (!file.empty()) return file;
  if (!server.url.empty()) return fmt::format("{} at {}", server.model, server.url);
  return fmt::format("{}", fmt::join(process.words, " "));
}

}  // namespace dflare
