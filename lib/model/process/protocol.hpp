#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "dflare/error.hpp"
#include "model/input_tensor.hpp"

namespace dflare {

/// What a child and its parent say to one another, one line of JSON each (docs/process.md).
constexpr int process_protocol = 1;
constexpr std::size_t longest_message = 64 * 1024;

/// The child did something else than the protocol wants, and is of no more use. The message is a
/// phrase about it: "was killed by signal 9 (SIGKILL)".
class ChildFailure : public ModelError {
 public:
  explicit ChildFailure(const std::string& what, std::string advice = "see docs/process.md")
      : ModelError(what), advice_(std::move(advice)) {}
  const std::string& advice() const { return advice_; }  ///< what to do about it

 private:
  std::string advice_;
};

/// What only dflare's own host adds to its hello.
struct HostHello {
  std::string version;  ///< dflare's
  InputSpec spec;       ///< of the model as load() returned it
  std::string backend, device, engine;
};

/// The first message of a child.
struct Hello {
  std::string runtime;
  int classes = 0;  ///< 0: not said
  InputTensor input;
  float score_step = 0;  ///< 0: not said
  std::string file, sha256;
  std::optional<HostHello> host;
};

/// Throws ChildFailure where it is no hello of this protocol, ModelError where it says that the
/// model cannot be loaded.
Hello parse_hello(const nlohmann::json& message);
nlohmann::json to_json(const Hello& hello);
/// How the second differs from the first; empty where they are the same.
std::string difference(const Hello& a, const Hello& b);

/// "Evaluate the images that lie in the shared memory."
struct BatchRequest {
  std::int64_t batch = 0;  ///< its number; the answer repeats it
  int images = 0, height = 0, width = 0, channels = 0;
  std::size_t images_at = 0, scores_at = 0;
  std::size_t memory = 0;  ///< how large it is
};
nlohmann::json to_json(const BatchRequest& request);
/// Throws ChildFailure.
BatchRequest parse_request(const nlohmann::json& message);

/// The scores that a child says it wrote.
struct BatchAnswer {
  std::int64_t batch = 0;
  int rows = 0, classes = 0;
};
nlohmann::json to_json(const BatchAnswer& answer);
nlohmann::json error_answer(std::int64_t batch, const std::string& error);
/// Throws ChildFailure where it is no answer to that batch, ModelError where it says that the
/// images could not be evaluated.
BatchAnswer parse_answer(const nlohmann::json& message, std::int64_t batch);

}  // namespace dflare
