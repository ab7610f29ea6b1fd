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
    if (std::find(own.begin(), own.end(), extension) != own.end()) {
      return backend.load(path, options);
    }
    known +=
        fmt::format("{}{} ({})", known.empty() ? "" : "; ", fmt::join(own, ", "), backend.name);
  }
  throw ModelError(
      fmt::format("model file '{}': unknown extension '{}'; known are: {}. ONNX and TFLite files "
                  "are not supported by this build of dflare",
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

}  // namespace dflare
