#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/model.hpp"

namespace dflare {

/// The words for an Output, in the order of the values.
const std::vector<std::string>& output_names();
const std::string& output_name(Output output);

/// Every field of an input specification, as findings and dflare-host have it. Numbers come back as
/// they were.
nlohmann::ordered_json input_to_json(const InputSpec& input);

/// A field that is missing or of another kind.
class InputFieldError : public ConfigError {
 public:
  InputFieldError(const std::string& field, const std::string& reason);

  const std::string& field() const { return field_; }
  const std::string& reason() const { return reason_; }

 private:
  std::string field_, reason_;
};

/// Throws InputFieldError.
InputSpec input_from_json(const nlohmann::json& json);

}  // namespace dflare
