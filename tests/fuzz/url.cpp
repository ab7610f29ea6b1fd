#include "model/server/url.hpp"

#include "fuzz.hpp"
#include "program/shell.hpp"

namespace dflare::fuzz {

void read(const std::string& bytes) {
  path_part(bytes);
  shell_quoted(bytes);
  parse_server_url(bytes);
}

std::vector<std::string> examples() {
  return {"http://localhost:8000", "https://models.example/some/path/", "http://[::1]:9/v",
          "http://127.0.0.1"};
}

}  // namespace dflare::fuzz
