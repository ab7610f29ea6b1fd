#pragma once

#include <string>

#include "finding/model_record.hpp"
#include "finding/source_json.hpp"

namespace dflare {

/// What a finding says that a model is, for a person who is to judge it: "the file '/a/b.pt'
/// (SHA-256 ...)", "the command 'sh -c id' in the folder '/a'", "the model 'm' at 'http://...'
/// with the token in the variable 'TOKEN'". On one line, cut off where it is long.
std::string shown_source(const RecordedSource& source, const ModelRecord& record);

}  // namespace dflare
