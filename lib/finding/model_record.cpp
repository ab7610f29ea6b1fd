#include "finding/model_record.hpp"

#include <boost/filesystem/path.hpp>

#include "model/input_json.hpp"

namespace dflare {
namespace {

using nlohmann::ordered_json;

InputSpec input_spec(const Document& document, const std::string& at) {
  try {
    return input_from_json(document.get<nlohmann::json>(at));
  } catch (const InputFieldError& wrong) {
    document.damaged(at + "/" + wrong.field(), wrong.reason());
  }
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
  record.scores = info.scores;
  record.one_by_one = info.one_by_one;
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
  json["input"] = input_to_json(record.input);
  if (!record.scores.empty()) json["scores"] = record.scores;
  if (record.one_by_one) json["one_by_one"] = true;
  return json;
}

ModelRecord model_record(const Document& document, const std::string& pointer) {
  const auto text = [&](const char* key) { return document.get<std::string>(pointer + key); };
  ModelRecord record;
  record.file = text("/file");
  record.name = text("/name");
  record.sha256 = text("/sha256");
  record.backend = text("/backend");
  record.runtime = text("/runtime");
  record.device = text("/device");
  record.engine = text("/engine");
  record.input = input_spec(document, pointer + "/input");
  if (document.has(pointer + "/scores")) record.scores = text("/scores");
  if (document.has(pointer + "/one_by_one"))
    record.one_by_one = document.get<bool>(pointer + "/one_by_one");
  return record;
}

}  // namespace dflare
