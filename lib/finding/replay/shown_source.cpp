#include "finding/replay/shown_source.hpp"

#include <fmt/format.h>

#include "model/process/child.hpp"
#include "program/plain_text.hpp"

namespace dflare {
namespace {

std::string quoted(const std::string& text) {
  constexpr std::size_t most = 300;  // bytes; a command may end in what it is to hide
  if (text.size() <= 2 * most) return "'" + one_line_utf8(text) + "'";
  return fmt::format("'{} ... ({} bytes left out) ... {}'", one_line_utf8(text.substr(0, most)),
                     text.size() - 2 * most, one_line_utf8(text.substr(text.size() - most)));
}

}  // namespace

std::string shown_source(const RecordedSource& recorded, const ModelRecord& record) {
  const ModelSource& source = recorded.source;
  if (const Command* command = source.command())
    return fmt::format("the command {} in the folder {}", quoted(command_line(*command)),
                       quoted(command->folder));
  if (const Server* server = source.server()) {
    const std::string& token = server->token_from;
    return fmt::format(
        "the model {} at {}{}", quoted(server->model), quoted(server->url),
        token.empty()
            ? ""
            : fmt::format(", with the token in the environment variable {}", quoted(token)));
  }
  return fmt::format("the file {} (SHA-256 {})", quoted(source.path()),
                     one_line_utf8(record.sha256.substr(0, 12)));
}

}  // namespace dflare
