#include "model/loading/registered_backends.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>

#include "dflare/error.hpp"
#include "model/identity.hpp"
#include "support/files.hpp"

namespace dflare {
namespace {

std::vector<FileBackend>& registry() {
  static std::vector<FileBackend> backends;
  return backends;
}

bool is_extension(const std::string& text) {
  return text.size() > 1 && text.front() == '.' &&
         text.find_first_of("./", 1) == std::string::npos && text == boost::to_lower_copy(text);
}

}  // namespace

const std::vector<FileBackend>& registered_backends() {
  return registry();
}

const FileBackend* registered_backend(const std::string& extension) {
  for (const FileBackend& backend : registry()) {
    const auto& own = backend.extensions;
    if (std::find(own.begin(), own.end(), extension) != own.end()) return &backend;
  }
  return nullptr;
}

std::shared_ptr<Model> load_registered(const FileBackend& backend, const std::string& path,
                                       const LoadOptions& options) {
  if (options.isolate || options.sandbox) {
    throw ModelError(
        fmt::format("model file '{}': backend '{}' is registered in this program, and not in "
                    "dflare-host, which loads models with isolate; leave isolate out",
                    path, backend.name));
  }
  std::shared_ptr<Model> model;
  try {
    model = backend.load(path, options);
  } catch (const ModelError&) {
    throw;
  } catch (const std::exception& error) {
    throw ModelError(fmt::format("model file '{}': {} ({})", path, error.what(), backend.name));
  }
  if (!model)
    throw ModelError(
        fmt::format("model file '{}': backend '{}' made no model of it", path, backend.name));
  // A finding of it would be taken for one of a model in memory, or of another file.
  if (model->info().path != path || model->info().sha256 != file_info(path).sha256)
    throw ModelError(
        fmt::format("model file '{}': backend '{}' made a model with another path or "
                    "hash in its ModelInfo; expected those of file_info()",
                    path, backend.name));
  return model;
}

void register_backend(FileBackend backend) {
  if (backend.name.empty() || !backend.load || backend.extensions.empty())
    throw ConfigError("a backend needs a name, extensions, and what loads its files");
  for (const std::string& extension : backend.extensions) {
    if (!is_extension(extension)) {
      throw ConfigError(fmt::format(
          "backend '{}': '{}' is no extension; expected a dot and small letters, such as .abc",
          backend.name, extension));
    }
    if (is_own_extension(extension) || registered_backend(extension) != nullptr) {
      throw ConfigError(fmt::format("backend '{}': files {} are another backend's already",
                                    backend.name, extension));
    }
  }
  registry().push_back(std::move(backend));
}

ModelInfo file_info(const std::string& path) {
  ModelInfo info;
  info.path = path;
  info.name = path;
  info.sha256 = identity_of(read_file(path), {});
  info.device = "cpu";
  return info;
}

}  // namespace dflare
