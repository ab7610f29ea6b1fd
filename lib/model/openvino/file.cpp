#include "model/openvino/file.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string.hpp>
#include <boost/filesystem.hpp>
#include <openvino/core/version.hpp>
#include <openvino/frontend/manager.hpp>
#include <regex>
#include <vector>

#include "dflare/error.hpp"
#include "model/identity.hpp"
#include "model/openvino/openvino.hpp"
#include "model/remedies.hpp"
#include "support/files.hpp"
#include "support/regex_text.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

/// A kind of file, and the frontend of OpenVINO that reads it.
struct Kind {
  const char* extension;
  const char* frontend;
  const char* name;
};

const Kind& kind_of(const std::string& path) {
  static const Kind kinds[] = {{".onnx", "onnx", "ONNX file"},
                               {".tflite", "tflite", "TensorFlow Lite file"},
                               {".xml", "ir", "OpenVINO IR file"}};
  const std::string extension = boost::to_lower_copy(fs::path(path).extension().string());
  for (const Kind& kind : kinds) {
    if (extension == kind.extension) return kind;
  }
  throw ModelError(
      fmt::format("unknown extension '{}'; OpenVINO reads .onnx, .tflite and .xml", extension));
}

std::string weights_file(const std::string& xml) {
  return fs::path(xml).replace_extension(".bin").string();
}

std::string what_to_do(const Kind& kind, const std::string& path) {
  if (kind.extension != std::string(".xml")) return "copy it again, or export it anew";
  const std::string weights = weights_file(path);
  return fs::exists(weights)
             ? fmt::format("copy it again with the '{}' that goes with it, or export it anew",
                           weights)
             : fmt::format(
                   "its weights belong into '{}', which is not there: copy that too, or "
                   "export it anew",
                   weights);
}

void identify(const std::string& path, OpenVinoFile& file) {
  const std::string bytes = read_file(path);
  if (bytes.empty()) throw ModelError("the file is empty; copy it again, or export it anew");
  require_parts(path, bytes);
  const std::vector<ModelPart> parts = parts_of(path, bytes);
  file.files = paths_of(parts);
  file.sha256 = identity_of(bytes, parts);
}

// Only the frontend of the file's kind is asked: ov::Core::read_model() asks all of them, and some
// write to standard error what they think of the others' files.
std::shared_ptr<ov::Model> read_with(const Kind& kind, const std::string& path) {
  ov::frontend::FrontEndManager frontends;
  const auto frontend = frontends.load_by_framework(kind.frontend);
  if (!frontend->supported(path)) {
    throw ModelError(fmt::format(
        "this is no {}, or a damaged one; copy it again, export it anew, or give it the "
        "extension of what it is",
        kind.name));
  }
  // Not mapped into memory: the model stays what it is when the file changes.
  constexpr bool map_weights = false;
  return frontend->convert(frontend->load(path, map_weights));
}

void require_one(const char* what, const std::vector<ov::Output<ov::Node>>& ports) {
  if (ports.size() == 1) return;
  std::vector<std::string> names;
  for (const auto& port : ports) {
    names.push_back(port.get_names().empty() ? "(no name)" : port.get_any_name());
  }
  throw ModelError(fmt::format(
      "the model has {} {}s{}{}; a classifier takes one tensor of images and answers one of "
      "scores: export it so",
      ports.size(), what, names.empty() ? "" : ": ", boost::join(names, ", ")));
}

}  // namespace

std::string openvino_message(const std::exception& failure) {
  static const std::regex where(
      "^(Exception from |Check '.*' failed at |FrontEnd API failed with )");
  const std::string item = "-- ";  // of a list of what is wrong
  std::vector<std::string> lines, said;
  boost::split(lines, std::string(failure.what()), boost::is_any_of("\n"));
  for (std::string& line : lines) {
    line = start_for_regex(boost::trim_copy(line));
    if (line.empty() || std::regex_search(line, where)) continue;
    const bool listed = boost::starts_with(line, item);
    boost::trim_right_if(line, boost::is_any_of(" .!"));
    if (said.empty() || listed) said.push_back(listed ? line.substr(item.size()) : line);
  }
  return boost::join(said, ": ");
}

std::string openvino_runtime() {
  // "2026.4.1-22982-e213a147257-releases/2026/4"
  const std::string version = ov::get_openvino_version().buildNumber;
  return "OpenVINO " + version.substr(0, version.find('-'));
}

OpenVinoFile read_openvino_file(const std::string& path) {
  const Kind& kind = kind_of(path);
  OpenVinoFile file;
  try {
    identify(path, file);
    file.model = read_with(kind, path);
  } catch (const ModelError&) {
    throw;
  } catch (const std::exception& failure) {
    const std::string said = openvino_message(failure);
    const std::string remedied = with_remedy(Library::openvino, said);
    throw ModelError(
        fmt::format("{} cannot read it: {}", openvino_runtime(),
                    remedied == said ? said + "; " + what_to_do(kind, path) : remedied));
  }
  require_one("input", file.model->inputs());
  require_one("output", file.model->outputs());
  return file;
}

}  // namespace dflare
