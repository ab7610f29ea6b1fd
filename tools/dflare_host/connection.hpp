#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace dflare {

/// A child's end of the connection: one line of JSON a message.
class Connection {
 public:
  explicit Connection(int descriptor) : descriptor_(descriptor) {}

  void send(const nlohmann::json& message) const;
  /// Waits for the next message; nothing where no more will come.
  std::optional<nlohmann::json> receive();

 private:
  int descriptor_;
  std::string received_;
};

}  // namespace dflare
