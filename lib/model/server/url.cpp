#include "model/server/url.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <regex>

#include "dflare/error.hpp"

namespace dflare {
namespace {

bool is_local(const std::string& host) {
  static const std::regex loopback(R"(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])");
  return std::regex_match(host, loopback);
}

}  // namespace

ServerUrl parse_server_url(const std::string& url) {
  if (url.find_first_of("@?#") != std::string::npos) {
    throw ModelError(
        "the URL of a server holds '@', '?' or '#' (it is not shown here, for it may hold a "
        "password): a user name, a password or a query would be recorded in every finding. Give "
        "the address alone, and a token by token_from, the name of an environment variable");
  }
  static const std::regex form(R"((https?)://([^/:\[\]\s]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?(/\S*)?)",
                               std::regex::icase);
  std::smatch parts;
  if (!std::regex_match(url, parts, form)) {
    throw ModelError(
        fmt::format("'{}' is no URL of a server; expected http://HOST:PORT or https://HOST:PORT, "
                    "with a path where the server's /v2 is below one",
                    url));
  }
  ServerUrl taken_apart;
  const std::string scheme = boost::to_lower_copy(parts[1].str());
  const std::string host = boost::to_lower_copy(parts[2].str());
  taken_apart.origin = scheme + "://" + host + parts[3].str();
  taken_apart.prefix = parts[4].str();
  while (boost::ends_with(taken_apart.prefix, "/")) {
    taken_apart.prefix.pop_back();
  }
  static const std::regex beyond_prefix(R"((.*/)?v2(/.*)?)");
  if (std::regex_match(taken_apart.prefix, beyond_prefix)) {
    throw ModelError(fmt::format(
        "the URL '{}' goes too far; give what comes before /v2, and the model's name by itself",
        url));
  }
  taken_apart.encrypted = scheme == "https";
  taken_apart.local = is_local(host);
  return taken_apart;
}

std::string path_part(const std::string& name) {
  static const std::string plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string part;
  for (const char letter : name) {
    if (plain.find(letter) != std::string::npos) {
      part += letter;
    } else {
      part += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
  }
  return part;
}

}  // namespace dflare
