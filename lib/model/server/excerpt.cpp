#include "model/server/excerpt.hpp"

#include <nlohmann/json.hpp>

namespace dflare {

std::string excerpt(const std::string& text) {
  constexpr std::size_t most = 300;
  if (text.empty()) {
    return "";
  }
  // Messages go into JSON files, which take no broken UTF-8.
  using nlohmann::json;
  const std::string quoted =
      json(text.substr(0, most))
          .dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
  return text.size() > most ? quoted + "..." : quoted;
}

}  // namespace dflare
