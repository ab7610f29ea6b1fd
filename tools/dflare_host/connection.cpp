#include "connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "model/process/protocol.hpp"
#include "support/json.hpp"

namespace dflare {

void Connection::send(const nlohmann::json& message) const {
  const std::string text =
      message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t count = ::send(descriptor_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // receive() will see that nobody is there
    sent += static_cast<std::size_t>(count);
  }
}

std::optional<nlohmann::json> Connection::receive() {
  std::size_t end = 0;
  while ((end = received_.find('\n')) == std::string::npos) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    received_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  return parse_json(line);
}

}  // namespace dflare
