#include "model/v2_server.hpp"

#include <cstring>
#include <nlohmann/json.hpp>

namespace dflare::test {
namespace {

using nlohmann::json;

std::vector<float> values_of(const std::string& datatype, const std::string& bytes) {
  if (datatype == "FP32") {
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  std::vector<float> values;
  for (const char byte : bytes) {
    values.push_back(datatype == "INT8" ? static_cast<float>(static_cast<std::int8_t>(byte))
                                        : static_cast<float>(static_cast<unsigned char>(byte)));
  }
  return values;
}

}  // namespace

std::vector<float> logits_of(const std::vector<float>& values, int classes) {
  std::vector<float> logits;
  for (int c = 0; c < classes; ++c) {
    float sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      sum += values[i] * static_cast<float>((i * 7 + static_cast<std::size_t>(c) * 5) % 11) / 11;
    }
    logits.push_back(sum);
  }
  return logits;
}

V2Server::V2Server() {
  http_.set_tcp_nodelay(true);
  port_ = http_.bind_to_any_port("127.0.0.1");
  const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
    answer(request, response);
  };
  http_.Get(".*", handler);
  http_.Post(".*", handler);
  thread_ = std::thread([this] { http_.listen_after_bind(); });
  while (!http_.is_running()) std::this_thread::yield();
}

V2Server::~V2Server() {
  stopping_ = true;
  http_.stop();
  thread_.join();
}

std::string V2Server::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

Server V2Server::server() const {
  Server server;
  server.url = url();
  server.model = model;
  server.back_off_seconds = 0.001;
  return server;
}

std::vector<std::string> V2Server::paths() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return paths_;
}

std::vector<std::string> V2Server::bodies() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return bodies_;
}

std::vector<std::int64_t> V2Server::batch_sizes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return batch_sizes_;
}

void V2Server::answer(const httplib::Request& request, httplib::Response& response) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    paths_.push_back(request.path);
  }
  const auto say = [&](int status, const json& what) {
    response.status = status;
    response.set_content(what.dump(), "application/json");
  };
  if (!token.empty() && request.get_header_value("Authorization") != "Bearer " + token) {
    return say(401, {{"error", "who is there?"}});
  }
  if (request.path == "/v2") {
    json about = {{"name", "tests"}, {"version", "1.2"}, {"extensions", json::array()}};
    if (binary) about["extensions"] = {"statistics", "binary_tensor_data"};
    return say(200, about);
  }
  const std::string own = "/v2/models/" + model;
  if (request.path.compare(0, own.size(), own) != 0) {
    return say(404, {{"error", "Model " + request.path.substr(11) + " not found"}});
  }
  if (request.path.find("/infer") != std::string::npos) {
    ++infers;
    if (wrong && wrong(request, response)) return;
    return infer(request, response);
  }
  if (request.path.find("/ready") != std::string::npos) {
    return ready ? say(200, json::object()) : say(400, {{"error", "it is being loaded"}});
  }
  if (wrong_about_model && wrong_about_model(request, response)) return;
  json about = {{"name", model}, {"platform", "sums"}};
  if (inputs.empty()) {
    about["inputs"] = {{{"name", "pixels"}, {"datatype", datatype}, {"shape", shape}}};
    about["outputs"] = {
        {{"name", "scores"}, {"datatype", output_datatype}, {"shape", {-1, classes}}}};
  } else if (inputs != "-") {
    about["inputs"] = json::parse(inputs);
  }
  say(200, about);
}

void V2Server::infer(const httplib::Request& request, httplib::Response& response) {
  const std::string header = request.get_header_value("Inference-Header-Content-Length");
  const std::size_t size = header.empty() ? request.body.size() : std::stoull(header);
  const json asked = json::parse(request.body.substr(0, size));
  const json& input = asked["inputs"][0];
  const std::int64_t images = input["shape"][0];
  std::vector<float> values;
  if (input.contains("data")) {
    values = input["data"].get<std::vector<float>>();
  } else {
    values = values_of(input["datatype"], request.body.substr(size));
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    bodies_.push_back(request.body);
    batch_sizes_.push_back(images);
  }
  const std::size_t each = values.size() / static_cast<std::size_t>(images);
  std::vector<float> scores;
  for (std::size_t at = 0; at < values.size(); at += each) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(at);
    const auto row = logits_of({begin, begin + static_cast<std::ptrdiff_t>(each)}, classes);
    scores.insert(scores.end(), row.begin(), row.end());
  }
  json output = {{"name", "scores"}, {"datatype", "FP32"}, {"shape", {images, classes}}};
  std::string tail;
  const bool as_binary = asked.contains("outputs") &&
                         asked["outputs"][0].value("/parameters/binary_data"_json_pointer, false);
  if (as_binary) {
    tail.assign(reinterpret_cast<const char*>(scores.data()), scores.size() * sizeof(float));
    output["parameters"]["binary_data_size"] = tail.size();
  } else {
    output["data"] = scores;
  }
  const std::string head = json{{"model_name", model}, {"outputs", {output}}}.dump();
  if (as_binary) {
    response.set_header("Inference-Header-Content-Length", std::to_string(head.size()));
  }
  response.set_content(head + tail, as_binary ? "application/octet-stream" : "application/json");
}

}  // namespace dflare::test
