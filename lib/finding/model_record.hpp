#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "dflare/model.hpp"
#include "finding/document.hpp"

namespace dflare {

/// What finding.json and run.json say of a model: enough to load and feed it in the same way.
struct ModelRecord {
  std::string file;  ///< name without folder; empty for a model that is no file
  std::string name;  ///< of a model that is no file: what its maker calls it, command, server
  std::string sha256, backend, runtime, device, engine;
  InputSpec input;
  std::string scores{};     ///< ModelInfo::scores; empty in older files
  bool one_by_one = false;  ///< ModelInfo::one_by_one

  bool is_file() const { return !file.empty(); }
  /// Neither a file nor a process nor a server.
  bool in_memory() const { return !is_file() && backend != "process" && backend != "server"; }
};

ModelRecord record_of(const Model& model);

nlohmann::ordered_json to_json(const ModelRecord& record);
/// The record at a JSON pointer. Throws FindingError as Document does.
ModelRecord model_record(const Document& document, const std::string& pointer);

}  // namespace dflare
