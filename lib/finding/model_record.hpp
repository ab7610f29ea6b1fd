#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "dflare/finding.hpp"
#include "dflare/model.hpp"
#include "finding/document.hpp"

namespace dflare {

/// What finding.json and run.json say of a model.
ModelRecord record_of(const Model& model);

nlohmann::ordered_json to_json(const ModelRecord& record);
/// The record at a JSON pointer. Throws FindingError as Document does.
ModelRecord model_record(const Document& document, const std::string& pointer);

}  // namespace dflare
