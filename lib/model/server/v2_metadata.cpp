#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dflare/error.hpp"
#include "model/server/v2_protocol.hpp"

namespace dflare::v2 {
namespace {

using nlohmann::json;

json object_in(const std::string& body, const char* what) {
  json object = json::parse(body, nullptr, /*allow_exceptions=*/false);
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

std::optional<TensorMetadata> only_tensor(const json& model, const char* key) {
  const auto list = model.find(key);
  if (list == model.end() || list->is_null() || (list->is_array() && list->empty())) {
    return std::nullopt;
  }
  if (list->is_array() && list->size() > 1) {
    throw ModelError(
        fmt::format("the server says that the model has {} {}; expected one", list->size(), key));
  }
  TensorMetadata read;
  try {
    const json& tensor = list->at(0);
    read.name = tensor.at("name").get<std::string>();
    read.datatype = tensor.at("datatype").get<std::string>();
    read.shape = tensor.at("shape").get<std::vector<std::int64_t>>();
  } catch (const json::exception&) {
    throw ModelError(fmt::format(
        "what the server says of the model's {} has no name, datatype and shape as expected", key));
  }
  return read;
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
  return {text_in(object, "platform"), only_tensor(object, "inputs"),
          only_tensor(object, "outputs")};
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
