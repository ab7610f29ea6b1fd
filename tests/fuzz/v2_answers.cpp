#include "fuzz.hpp"
#include "model/server/v2_protocol.hpp"

// What a server of the open inference protocol answers: of itself, of a model, and scores.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  const std::vector<std::string> texts = parted(bytes, 4);
  const v2::ServerMetadata server = v2::read_server(texts[0]);
  const v2::ModelMetadata model = v2::read_model(texts[1]);
  v2::identity_of(model, false);
  const v2::Contract contract = v2::contract_of(server, model);
  v2::read_answer(contract, texts[2], texts[3], 2);
}

std::vector<std::string> examples() {
  const std::string plain = R"({"name": "mlserver", "version": "1.7", "extensions": []})";
  const std::string with_bytes =
      R"({"name": "triton", "version": "2", "extensions": ["binary_tensor_data"]})";
  const std::string model = R"({"name": "m", "versions": ["1"], "platform": "onnx",
    "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 1, 8, 8]}],
    "outputs": [{"name": "y", "datatype": "FP32", "shape": [-1, 3]}]})";
  const std::string scores = R"({"model_name": "m", "outputs": [{"name": "y", "datatype": "FP32",
    "shape": [2, 3], "data": [0.1, 0.2, 0.7, null, 1e3, -5]}]})";
  const std::string header = R"({"model_name": "m", "outputs": [{"name": "y", "datatype": "FP32",
    "shape": [2, 3], "parameters": {"binary_data_size": 24}}]})";
  const std::string in_bytes = header + "0123456789abcdefghijklmn";
  return {joined({plain, model, scores, ""}),
          joined({with_bytes, model, in_bytes, std::to_string(header.size())})};
}

}  // namespace dflare::fuzz
