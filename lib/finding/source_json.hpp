#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "dflare/model.hpp"
#include "finding/document.hpp"

namespace dflare {

/// Where a model came from and how it was run, as run.json has it: "path", and where they apply
/// "process", "server", "isolated", "limits". A file's path is absolute, empty for a model in
/// memory. A token is not in it, only the name of the variable that holds it.
nlohmann::ordered_json source_json(const ModelInfo& info);

struct RecordedSource {
  ModelSource source;  ///< of a model in memory: not given()
  bool isolate = false, sandbox = false;
  ProcessLimits limits;
};
/// The source at a JSON pointer. Throws FindingError as Document does, also for several of a file,
/// a command and a server.
RecordedSource recorded_source(const Document& document, const std::string& pointer);

}  // namespace dflare
