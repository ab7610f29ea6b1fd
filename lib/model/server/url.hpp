#pragma once

#include <string>

namespace dflare {

/// A server's URL, taken apart.
struct ServerUrl {
  std::string host;    ///< without the brackets of an IPv6 address
  int port;            ///< also where the URL has none
  std::string origin;  ///< scheme, host and port: "https://host:8443"
  std::string prefix;  ///< before "/v2": "" or "/some/path"
  bool encrypted;      ///< https
  bool local;          ///< the host is this machine: localhost, 127.0.0.0/8 or ::1
};

/// Throws ModelError for what is no http:// or https:// URL, or holds what would be recorded but
/// must not: a user name or password. Its message shows no URL that may hold such.
ServerUrl parse_server_url(const std::string& url);

/// As one part of a path: what is neither letter, digit, '-', '.', '_' nor '~' becomes %XX.
std::string path_part(const std::string& name);

}  // namespace dflare
