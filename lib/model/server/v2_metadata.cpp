#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "dflare/error.hpp"
#include "model/server/v2_protocol.hpp"
#include "support/hash.hpp"
#include "support/json.hpp"

namespace dflare::v2 {
namespace {

using nlohmann::json;

json object_in(const std::string& body, const char* what) {
  json object = json_or_null(body);
  if (!object.is_object()) {
    throw ModelError(fmt::format(
        "{} is no JSON object; expected a server of the open inference protocol, version 2", what));
  }
  return object;
}

std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> texts_in(const json& object, const char* key) {
  std::vector<std::string> texts;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return texts;
  for (const json& text : *found) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

std::optional<TensorMetadata> only_tensor(const json& model, const char* key) {
  const auto list = model.find(key);
  if (list == model.end() || list->is_null() || (list->is_array() && list->empty())) {
    return std::nullopt;
  }
  if (list->is_array() && list->size() > 1) {
    throw ModelError(
        fmt::format("the server says that the model has {} {}; expected one", list->size(), key));
  }
  try {
    const json& tensor = list->at(0);
    return TensorMetadata{json_value<std::string>(tensor.at("name")),
                          json_value<std::string>(tensor.at("datatype")),
                          json_value<std::vector<std::int64_t>>(tensor.at("shape"))};
  } catch (const json::exception&) {
    // Said below.
  } catch (const JsonError&) {
  }
  throw ModelError(fmt::format(
      "what the server says of the model's {} has no name, datatype and shape as expected", key));
}

Element element_of(const TensorMetadata& input) {
  if (input.datatype == "FP32") return Element::float32;
  if (input.datatype == "UINT8") return Element::uint8;
  if (input.datatype == "INT8") return Element::int8;
  throw ModelError(
      fmt::format("its input '{}' takes {}; expected FP32, or UINT8 or INT8 for pixels as they are",
                  input.name, input.datatype));
}

void require_readable(const TensorMetadata& output) {
  if (output.datatype == "UINT8" || output.datatype == "INT8") {
    throw ModelError(
        fmt::format("its output '{}' is {}, and the protocol does not say what a step of it means; "
                    "have the model answer FP32",
                    output.name, output.datatype));
  }
  if (output.datatype != "FP32") {
    throw ModelError(
        fmt::format("its output '{}' is {}; expected FP32", output.name, output.datatype));
  }
}

}  // namespace

ServerMetadata read_server(const std::string& body) {
  const json object = object_in(body, "what the server says of itself");
  ServerMetadata server;
  server.name = text_in(object, "name");
  server.version = text_in(object, "version");
  const auto extensions = object.find("extensions");
  server.binary_tensors =
      extensions != object.end() && extensions->is_array() &&
      std::find(extensions->begin(), extensions->end(), "binary_tensor_data") != extensions->end();
  return server;
}

ModelMetadata read_model(const std::string& body) {
  const json object = object_in(body, "what the server says of the model");
  return {text_in(object, "platform"), texts_in(object, "versions"), only_tensor(object, "inputs"),
          only_tensor(object, "outputs")};
}

std::string identity_of(const ModelMetadata& model, bool version_chosen) {
  std::string said = fmt::format("platform {}\n", model.platform);
  if (!version_chosen)  // else others come and go
    said += fmt::format("versions {}\n", fmt::join(model.versions, " "));
  for (const auto& tensor : {model.input, model.output}) {
    if (!tensor) continue;
    said +=
        fmt::format("{} {} {}\n", tensor->name, tensor->datatype, fmt::join(tensor->shape, " "));
  }
  return sha256_of(said);
}

Contract contract_of(const ServerMetadata& server, const ModelMetadata& model) {
  Contract contract;
  contract.binary = server.binary_tensors;
  contract.input = "input-0";  // as MLServer's own runtimes call it
  if (model.input) {
    contract.input = model.input->name;
    contract.element = element_of(*model.input);
  }
  if (model.output) {
    require_readable(*model.output);
    contract.output = model.output->name;
  }
  return contract;
}

}  // namespace dflare::v2
