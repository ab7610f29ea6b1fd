#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dflare/model.hpp"
#include "model/input_tensor.hpp"

/// The open inference protocol, version 2: its requests and answers as text, with no network in it.
/// What cannot be read or used is a ModelError.
namespace dflare::v2 {

struct ServerMetadata {
  std::string name, version;
  bool binary_tensors = false;  ///< whether it announces the extension
};
ServerMetadata read_server(const std::string& body);

struct TensorMetadata {
  std::string name, datatype;
  std::vector<std::int64_t> shape;  ///< -1: open
};
struct ModelMetadata {
  std::string platform;
  std::vector<std::string> versions;
  std::optional<TensorMetadata> input, output;  ///< where the server says them
};
ModelMetadata read_model(const std::string& body);

/// A hash of what the server says of the model, whose weights are not known. Of a model whose
/// version is chosen, without the list of versions.
std::string identity_of(const ModelMetadata& model, bool version_chosen);

/// What is asked and what must be answered.
struct Contract {
  std::string model, version;  ///< the version may be empty
  std::string input;           ///< its name
  Element element = Element::float32;
  std::string output;  ///< its name; empty: the only one
  bool binary = false;
};
/// Throws ModelError for tensors that dflare cannot ask for or read.
Contract contract_of(const ServerMetadata& server, const ModelMetadata& model);

struct Request {
  std::string body;
  std::size_t json_length = 0;  ///< of a body that is not all JSON; else 0
};
/// For `count` images of the tensor from the first-th on.
Request request_of(const Contract& contract, const Feed::Tensor& tensor, Layout layout, int first,
                   int count);

/// A row of scores for each of `count` images. NaN where the server wrote null, NaN or an infinity.
/// `json_length` is the header Inference-Header-Content-Length, which may be empty.
struct Answer {
  int classes = 0;
  std::vector<float> scores;
};
Answer read_answer(const Contract& contract, const std::string& body,
                   const std::string& json_length, int count);

}  // namespace dflare::v2
