#include "model/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "model/onnx_data.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

std::string extension_of(const std::string& path) {
  return boost::to_lower_copy(fs::path(path).extension().string());
}

bool is_file(const fs::path& path) {
  boost::system::error_code failure;
  return fs::is_regular_file(path, failure);
}

/// Where an ONNX file's data lie.
fs::path beside(const std::string& path, const std::string& location) {
  return fs::path(path).parent_path() / location;
}

}  // namespace

std::vector<ModelPart> parts_of(const std::string& path) {
  return parts_of(path, extension_of(path) == ".onnx" ? read_file(path) : "");
}

std::vector<ModelPart> parts_of(const std::string& path, const std::string& bytes) {
  std::vector<ModelPart> parts;
  const auto add = [&](const std::string& name, const fs::path& part) {
    if (is_file(part)) parts.push_back({name, part.string()});
  };
  const std::string extension = extension_of(path);
  if (extension == ".xml") add(".bin", fs::path(path).replace_extension(".bin"));
  if (extension == ".onnx") {
    for (const OnnxData& data : onnx_data(bytes)) add(data.location, beside(path, data.location));
  }
  return parts;
}

void require_parts(const std::string& path, const std::string& bytes) {
  if (extension_of(path) != ".onnx") return;
  for (const OnnxData& data : onnx_data(bytes)) {
    const fs::path file = beside(path, data.location);
    if (!is_file(file)) {
      throw ModelError(fmt::format(
          "its weights belong into '{}', which is not there: copy that too, under this name, or "
          "export it with its weights inside (torch.onnx.export: external_data=False)",
          file.string()));
    }
    if (const auto size = fs::file_size(file); size < data.size) {
      throw ModelError(
          fmt::format("its weights in '{}' are cut off, or those of another file: it has {} bytes, "
                      "and at least "
                      "{} are needed; copy both again",
                      file.string(), size, data.size));
    }
  }
}

std::vector<std::string> paths_of(const std::vector<ModelPart>& parts) {
  std::vector<std::string> paths;
  for (const ModelPart& part : parts) paths.push_back(part.path);
  return paths;
}

std::string identity_of(std::vector<std::pair<std::string, std::string>> name_and_sha256) {
  if (name_and_sha256.empty()) return "";
  if (name_and_sha256.size() == 1) return name_and_sha256.front().second;
  std::sort(name_and_sha256.begin(), name_and_sha256.end());
  std::string list;
  for (const auto& [name, sha256] : name_and_sha256) list += fmt::format("{}  {}\n", sha256, name);
  return sha256_of(list);
}

std::string identity_of(const std::string& bytes, const std::vector<ModelPart>& parts) {
  std::vector<std::pair<std::string, std::string>> all = {{"", sha256_of(bytes)}};
  for (const ModelPart& part : parts) all.emplace_back(part.name, sha256_of_file(part.path));
  return identity_of(std::move(all));
}

}  // namespace dflare
