#include "finding/model_record.hpp"

#include <boost/filesystem/path.hpp>

namespace dflare {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const InputSpec& input) {
  ordered_json json;
  json["size"] = input.size.given() ? ordered_json{input.size.height, input.size.width}
                                    : ordered_json(nullptr);
  json["resize"] = input.resize;
  json["channels"] = input.channels;
  json["low"] = input.low;
  json["high"] = input.high;
  json["mean"] = input.mean;
  json["stddev"] = input.stddev;
  json["layout"] = input.layout == Layout::nchw ? "nchw" : "nhwc";
  json["output"] = input.output == Output::logits ? "logits" : "probabilities";
  return json;
}

// True for the first word, false for the second.
bool either(const Document& document, const std::string& pointer, const std::string& first,
            const std::string& second) {
  const auto word = document.get<std::string>(pointer);
  if (word != first && word != second)
    document.damaged(pointer, fmt::format("'{}', expected {} or {}", word, first, second));
  return word == first;
}

InputSpec input_spec(const Document& document, const std::string& at) {
  InputSpec input;
  if (!document.get<nlohmann::json>(at + "/size").is_null())
    input.size = {document.get<int>(at + "/size/0"), document.get<int>(at + "/size/1")};
  input.resize = document.get<bool>(at + "/resize");
  input.channels = document.get<int>(at + "/channels");
  input.low = document.get<float>(at + "/low");
  input.high = document.get<float>(at + "/high");
  input.mean = document.get<std::vector<float>>(at + "/mean");
  input.stddev = document.get<std::vector<float>>(at + "/stddev");
  input.layout = either(document, at + "/layout", "nchw", "nhwc") ? Layout::nchw : Layout::nhwc;
  input.output = either(document, at + "/output", "logits", "probabilities")
                     ? Output::logits
                     : Output::probabilities;
  return input;
}

}  // namespace

ModelRecord record_of(const Model& model) {
  const ModelInfo& info = model.info();
  ModelRecord record;
  record.file = boost::filesystem::path(info.path).filename().string();
  if (!record.is_file()) record.name = info.name;
  record.sha256 = info.sha256;
  record.backend = info.backend;
  record.runtime = info.runtime;
  record.device = info.device;
  record.engine = info.engine;
  record.input = model.input();
  return record;
}

ordered_json to_json(const ModelRecord& record) {
  ordered_json json;
  json["file"] = record.file;
  json["name"] = record.name;
  json["sha256"] = record.sha256;
  json["backend"] = record.backend;
  json["runtime"] = record.runtime;
  json["device"] = record.device;
  json["engine"] = record.engine;
  json["input"] = to_json(record.input);
  return json;
}

ModelRecord model_record(const Document& document, const std::string& pointer) {
  const auto text = [&](const char* key) { return document.get<std::string>(pointer + key); };
  return {
      text("/file"),    text("/name"),   text("/sha256"), text("/backend"),
      text("/runtime"), text("/device"), text("/engine"), input_spec(document, pointer + "/input")};
}

}  // namespace dflare
