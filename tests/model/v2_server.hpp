#pragma once

#include <httplib.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dflare/model_source.hpp"

namespace dflare::test {

/// The logits of the model that V2Server serves.
std::vector<float> logits_of(const std::vector<float>& values, int classes);

/// A small server of the open inference protocol within the test: one linear model, as JSON and as
/// binary tensors. What it is to do wrong is set before it is asked.
class V2Server {
 public:
  V2Server();
  ~V2Server();

  std::string url() const;
  /// With short waits, so that retries take no time.
  Server server() const;

  std::string model = "linear";
  int classes = 3;
  bool binary = false;  ///< announces the extension
  std::string datatype = "FP32", output_datatype = "FP32";
  std::vector<std::int64_t> shape = {-1, 1, 4, 4};
  std::string inputs;  ///< JSON in place of what these say; "-" leaves inputs and outputs out
  bool ready = true;
  std::string token;  ///< that it wants; empty: none

  using Wrong = std::function<bool(const httplib::Request&, httplib::Response&)>;
  Wrong wrong;                 ///< answers a request to infer in its own way, or returns false
  Wrong wrong_about_model;     ///< likewise for the model's metadata
  std::atomic<int> infers{0};  ///< requests to infer so far

  std::vector<std::string> paths() const;         ///< of all requests, in their order
  std::vector<std::string> bodies() const;        ///< of those to infer
  std::vector<std::int64_t> batch_sizes() const;  ///< of those to infer, as answered
  bool stopping() const { return stopping_; }     ///< ends what is slow on purpose

 private:
  void answer(const httplib::Request& request, httplib::Response& response);
  void infer(const httplib::Request& request, httplib::Response& response);

  httplib::Server http_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> paths_, bodies_;
  std::vector<std::int64_t> batch_sizes_;
  std::thread thread_;
};

}  // namespace dflare::test
