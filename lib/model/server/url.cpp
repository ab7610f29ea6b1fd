#include "model/server/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <locale>
#include <optional>
#include <string_view>

#include "dflare/error.hpp"
#include "support/numbers.hpp"
#include "support/percent_encoded.hpp"

namespace dflare {
namespace {

// Not by std::regex, whose recursion a long text takes beyond the stack.
constexpr std::size_t longest_url = 2048;

bool all_of(std::string_view text, bool (*fits)(char)) {
  return std::all_of(text.begin(), text.end(), fits);
}

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_hexadecimal(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}

bool is_blank(char letter) {
  return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

std::string lower(std::string_view text) {
  return boost::to_lower_copy(std::string(text), std::locale::classic());
}

/// Takes the text's start, up to the first of the letters or its end.
std::string_view take_until(std::string_view& text, const char* letters) {
  const std::string_view taken = text.substr(0, text.find_first_of(letters));
  text.remove_prefix(taken.size());
  return taken;
}

/// 127.0.0.0/8
bool is_loopback(std::string_view host) {
  for (int number = 0; number < 4; ++number) {
    const std::string_view digits = take_until(host, ".");
    if (digits.empty() || digits.size() > 3 || !all_of(digits, is_digit)) return false;
    if (number == 0 && digits != "127") return false;
    if (host.empty()) return number == 3;
    host.remove_prefix(1);
  }
  return false;
}

bool is_local(const std::string& host) {
  return host == "localhost" || host == "[::1]" || is_loopback(host);
}

/// A name, an IPv4 address, or an IPv6 one in brackets; empty: neither.
std::string_view take_host(std::string_view& rest) {
  if (!boost::starts_with(rest, "[")) {
    return take_until(rest, "/:[]");
  }
  const std::size_t end = rest.find(']');
  if (end == std::string_view::npos || end == 1) return {};
  const std::string_view address = rest.substr(1, end - 1);
  if (!all_of(address, [](char c) { return is_hexadecimal(c) || c == ':' || c == '.'; })) return {};
  const std::string_view host = rest.substr(0, end + 1);
  rest.remove_prefix(end + 1);
  return host;
}

/// ":8080", or nothing where there is none.
std::optional<std::string_view> take_port(std::string_view& rest) {
  if (!boost::starts_with(rest, ":")) return std::string_view();
  const std::string_view port = take_until(rest, "/");
  const auto number = number_in<std::uint16_t>(port.substr(1));
  if (!number || *number == 0 || !is_digit(port[1])) return std::nullopt;
  return port;
}

std::optional<ServerUrl> taken_apart(const std::string& url) {
  std::string_view rest = url;
  const std::string scheme = lower(take_until(rest, ":"));
  if ((scheme != "http" && scheme != "https") || !boost::starts_with(rest, "://")) return {};
  if (std::any_of(url.begin(), url.end(), is_blank)) return {};
  rest.remove_prefix(3);
  const std::string host = lower(take_host(rest));
  const auto port = take_port(rest);
  if (host.empty() || !port || (!rest.empty() && rest[0] != '/')) return {};
  ServerUrl apart;
  apart.origin = scheme + "://" + host + std::string(*port);
  apart.prefix = std::string(rest);
  apart.encrypted = scheme == "https";
  apart.host = boost::starts_with(host, "[") ? host.substr(1, host.size() - 2) : host;
  apart.port =
      port->empty() ? (apart.encrypted ? 443 : 80) : number_in<int>(port->substr(1)).value();
  apart.local = is_local(host);
  return apart;
}

}  // namespace

ServerUrl parse_server_url(const std::string& url) {
  if (url.find_first_of("@?#") != std::string::npos) {
    throw ModelError(
        "the URL of a server holds '@', '?' or '#' (it is not shown here, for it may hold a "
        "password): a user name, a password or a query would be recorded in every finding. Give "
        "the address alone, and a token by token_from, the name of an environment variable");
  }
  if (url.size() > longest_url) {
    throw ModelError(fmt::format("the URL of a server is {} bytes long; expected at most {}",
                                 url.size(), longest_url));
  }
  std::optional<ServerUrl> apart = taken_apart(url);
  if (!apart) {
    throw ModelError(
        fmt::format("'{}' is no URL of a server; expected http://HOST:PORT or https://HOST:PORT, "
                    "with a path where the server's /v2 is below one",
                    url));
  }
  while (boost::ends_with(apart->prefix, "/")) {
    apart->prefix.pop_back();
  }
  if (boost::contains(apart->prefix + "/", "/v2/")) {
    throw ModelError(fmt::format(
        "the URL '{}' goes too far; give what comes before /v2, and the model's name by itself",
        url));
  }
  return *apart;
}

std::string path_part(const std::string& name) {
  return percent_encoded(name, "-._~");
}

}  // namespace dflare
