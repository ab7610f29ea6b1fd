#include "model/server/v2_protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "dflare/error.hpp"
#include "support/message_of.hpp"

namespace dflare::v2 {
namespace {

using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;

Contract contract() {
  Contract contract;
  contract.model = "m";
  contract.input = "in";
  contract.output = "out";
  return contract;
}

TEST(V2Request, FloatsReadBackAsTheSameBits) {
  using Limits = std::numeric_limits<float>;
  const std::vector<float> values = {0.1F,
                                     -0.0F,
                                     Limits::max(),
                                     Limits::min(),
                                     1.0F / 3,
                                     16777217.0F,
                                     Limits::lowest(),
                                     1,
                                     Limits::denorm_min(),
                                     -2.1179039F,
                                     1e-10F,
                                     0.99999994F};
  const Feed::Tensor tensor = {values.data(), 4 * sizeof(float), 3, 2, 2, 1};
  const Request request = request_of(contract(), tensor, Layout::nchw, 0, 3);
  EXPECT_EQ(request.json_length, 0U);
  const auto json = nlohmann::json::parse(request.body);
  EXPECT_EQ(json["inputs"][0]["shape"], nlohmann::json({3, 1, 2, 2}));
  std::vector<float> read;
  for (const auto& number : json["inputs"][0]["data"]) {
    read.push_back(static_cast<float>(number.get<double>()));
  }
  ASSERT_EQ(read.size(), values.size());
  EXPECT_EQ(std::memcmp(read.data(), values.data(), values.size() * sizeof(float)), 0);
}

TEST(V2Request, PartOfABatchInBinary) {
  const std::vector<unsigned char> values = {1, 2, 3, 4, 5, 6};
  Contract binary = contract();
  binary.binary = true;
  binary.element = Element::uint8;
  const Feed::Tensor tensor = {values.data(), 2, 3, 1, 2, 1};
  const Request request = request_of(binary, tensor, Layout::nhwc, 1, 2);
  EXPECT_EQ(request.body.substr(request.json_length), "\x03\x04\x05\x06");
  const auto json = nlohmann::json::parse(request.body.substr(0, request.json_length));
  EXPECT_EQ(json["inputs"][0]["shape"], nlohmann::json({2, 1, 2, 1}));
  EXPECT_EQ(json["inputs"][0]["parameters"]["binary_data_size"], 4);
  EXPECT_EQ(json["outputs"][0]["parameters"]["binary_data"], true);
  EXPECT_FALSE(json["inputs"][0].contains("data"));
}

std::string output(const std::string& data) {
  return R"({"outputs":[{"name":"out","datatype":"FP32","shape":[2,2],)" + data + "}]}";
}

TEST(V2Answer, FlatOrNested) {
  for (const char* data : {"[1,2,3,4.5]", "[[1,2],[3,4.5]]"}) {
    const Answer answer = read_answer(contract(), output(std::string("\"data\":") + data), "", 2);
    EXPECT_EQ(answer.classes, 2);
    EXPECT_THAT(answer.scores, ElementsAre(1, 2, 3, 4.5F));
  }
}

TEST(V2Answer, WhatIsNoNumberInJsonIsNoNumber) {
  const std::string body = output(R"("x":"NaN \" Infinity","data":[NaN,-Infinity,Infinity,1])");
  const Answer answer = read_answer(contract(), body, "", 2);
  EXPECT_TRUE(std::isnan(answer.scores[0]));
  EXPECT_TRUE(std::isnan(answer.scores[1]));
  EXPECT_TRUE(std::isnan(answer.scores[2]));
  EXPECT_EQ(answer.scores[3], 1);
}

TEST(V2Answer, Binary) {
  const std::vector<float> scores = {1.5F, -2, 3, 0.1F};
  const std::string tail(reinterpret_cast<const char*>(scores.data()), 16);
  const std::string head = output(R"("parameters":{"binary_data_size":16})");
  const std::string length = std::to_string(head.size());
  EXPECT_EQ(read_answer(contract(), head + tail, length, 2).scores, scores);
  const auto message = [](const std::string& body, const std::string& header) {
    return message_of<ModelError>([&] { read_answer(contract(), body, header, 2); });
  };
  EXPECT_THAT(message(head + tail.substr(1), length),
              HasSubstr("says 16 bytes of scores and holds 15"));
  EXPECT_THAT(message(head + tail, "99999"),
              HasSubstr("Inference-Header-Content-Length is \"99999\""));
  EXPECT_THAT(message(head + tail, "-1"), HasSubstr("Inference-Header-Content-Length is \"-1\""));
  const std::string other = output(R"("parameters":{"binary_data_size":12})");
  EXPECT_THAT(message(other + tail.substr(4), std::to_string(other.size())),
              HasSubstr("2 x 2 scores are 16 bytes"));
}

TEST(V2Answer, WhatCannotBeRead) {
  const auto message = [](const std::string& body) {
    Contract asked = contract();
    asked.version = "2";
    return message_of<ModelError>([&] { read_answer(asked, body, "", 2); });
  };
  EXPECT_THAT(message("[1]"), HasSubstr("no JSON object"));
  EXPECT_THAT(message(output(R"("data":["one",2,3,4])")),
              HasSubstr("a value of type string where a number belongs"));
  EXPECT_THAT(message(output(R"("data":[[[1]]])")), HasSubstr("of type array where a number"));
  const std::string deep(1000000, '[');
  const std::string wrong = R"({"outputs":[{"name":"out","datatype":"FP32","shape":)" + deep +
                            std::string(deep.size(), ']') + "}]}";
  EXPECT_THAT(message(wrong), HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(message(output(R"("data":[1,2,3])")),
              HasSubstr("answered 3 scores in a tensor of 2 x 2"));
  EXPECT_THAT(message(output(R"("parameters":[])")), HasSubstr("no array of data"));
  EXPECT_THAT(message(R"({"outputs":[{"name":"out","shape":[2,2]}]})"),
              HasSubstr("a tensor of datatype null"));
  EXPECT_THAT(message(R"({"outputs":[{"name":"out","datatype":"FP32","shape":[2,"a"]}]})"),
              HasSubstr("shape [2,\"a\"]"));
  EXPECT_THAT(message(R"({"outputs":[{"name":"out","datatype":"FP32","shape":[2,-3]}]})"),
              HasSubstr("shape [2,-3]"));
  EXPECT_THAT(message(R"({"outputs":[1]})"), HasSubstr("'outputs' is no list of one tensor"));
  EXPECT_THAT(message(R"({"model_version":"1","outputs":[1]})"),
              HasSubstr("model_version \"1\"; asked for was '2'"));
}

TEST(V2Metadata, OfAServer) {
  EXPECT_FALSE(
      read_server(R"({"name":"mlserver","version":"1.7.1","extensions":[]})").binary_tensors);
  EXPECT_FALSE(read_server(R"({"name":"OpenVINO Model Server"})").binary_tensors);
  const ServerMetadata triton = read_server(
      R"({"name":"triton","version":"2.5","extensions":["sequence","binary_tensor_data"]})");
  EXPECT_TRUE(triton.binary_tensors);
  EXPECT_EQ(triton.name + triton.version, "triton2.5");
  EXPECT_THAT(
      message_of<ModelError>([] { read_server("ok"); }),
      HasSubstr("says of itself is no JSON object; expected a server of the open inference"));
}

TEST(V2Metadata, IdentifyAModelByWhatIsSaidOfIt) {
  const auto identity = [](const std::string& body, bool version_chosen = false) {
    return identity_of(read_model(body), version_chosen);
  };
  const std::string one = R"({"platform":"onnx","versions":["1"]})";
  const std::string two = R"({"platform":"onnx","versions":["1","2"]})";
  EXPECT_EQ(identity(one).size(), 64U);
  EXPECT_EQ(identity(one), identity(R"({"versions":["1"],"x":1,"platform":"onnx"})"));
  EXPECT_NE(identity(one), identity(two));
  EXPECT_EQ(identity(one, true), identity(two, true));
  EXPECT_NE(identity(one, true), identity(R"({"platform":"torch","versions":["1"]})", true));
  const auto shaped = [&](const std::string& shape) {
    return identity(R"({"inputs":[{"name":"x","datatype":"FP32","shape":)" + shape + "}]}");
  };
  EXPECT_NE(shaped("[-1,3,8,8]"), shaped("[-1,3,9,9]"));
}

TEST(V2Metadata, OfAModel) {
  for (const char* none : {R"({"name":"m"})", R"({"inputs":[],"outputs":null})"}) {
    EXPECT_FALSE(read_model(none).input) << none;
    EXPECT_EQ(contract_of({}, read_model(none)).input, "input-0");
    EXPECT_EQ(contract_of({}, read_model(none)).output, "");
  }
  const auto message = [](const std::string& body) {
    return message_of<ModelError>([&] { read_model(body); });
  };
  EXPECT_THAT(message(R"({"inputs":[1,2]})"), HasSubstr("the model has 2 inputs; expected one"));
  EXPECT_THAT(message(R"({"outputs":[1,2,3]})"),
              HasSubstr("the model has 3 outputs; expected one"));
  EXPECT_THAT(message(R"({"inputs":"x"})"),
              HasSubstr("what the server says of the model's inputs"));
  EXPECT_THAT(message(R"({"inputs":[{"name":"x"}]})"),
              HasSubstr("inputs has no name, datatype and shape"));
}

}  // namespace
}  // namespace dflare::v2
