#include "model/server/http_failure.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>

#include "model/server/excerpt.hpp"
#include "support/json.hpp"

namespace dflare {
namespace {

std::string is_it_running(const Server& server, const ServerUrl& url) {
  return fmt::format("is it running? Try: curl {}{}/v2/models/{}", url.origin, url.prefix,
                     path_part(server.model));
}

// {"error": TEXT}, as the protocol has it, or whatever there is.
std::string error_text(const std::string& body) {
  const auto answer = json_or_null(body);
  if (answer.is_object() && answer.contains("error") && answer["error"].is_string()) {
    return answer["error"].get<std::string>();
  }
  return body;
}

std::string advice_for(int status, const Server& server) {
  switch (status) {
    case 401:
    case 403:
      return server.token_from.empty()
                 ? "it wants a token: name the environment variable that holds it by token_from"
                 : fmt::format("it does not accept the token in {}", server.token_from);
    case 404:
      return "check the URL, the model's name and its version";
    case 413:
      return "a request is too long for it; set a smaller batch";
    case 429:
    case 502:
    case 503:
    case 504:
      return "it is busy or starting; more retries or a longer back_off_seconds may help";
    case 500:
      return "its own log may say why";
    default:
      return status >= 300 && status < 400
                 ? "redirects are not followed; give the URL that it points to"
                 : "";
  }
}

bool may_pass(int status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace

HttpFailure failure_of(httplib::Error error, bool late, const Server& server,
                       const ServerUrl& url) {
  const HttpFailure not_in_time = {
      fmt::format("no answer within {} s", server.answer_seconds),
      "where the server is that slow, raise answer_seconds or set a smaller batch", true, false};
  const bool has_own_reason =
      error == httplib::Error::ConnectionTimeout || error == httplib::Error::SSLServerVerification;
  if (late && !has_own_reason) return not_in_time;
  switch (error) {
    case httplib::Error::Connection:
      return {"no connection: refused, or there is no such host", is_it_running(server, url), true,
              false};
    case httplib::Error::ConnectionTimeout:
      return {fmt::format("no connection within {} s", server.connect_seconds),
              is_it_running(server, url), true, false};
    case httplib::Error::Write:
      return {"the connection broke while the request was sent", "the server's log may say why",
              true, false};
    case httplib::Error::Read:
    case httplib::Error::Canceled:
      return {"the connection broke before the answer was whole", "the server's log may say why",
              true, false};
    case httplib::Error::SSLServerVerification:
      return {"its certificate is none that this machine trusts for this host",
              "give the host that the certificate names, and where it is of an authority of your "
              "own, SSL_CERT_FILE=FILE of that authority",
              false, false};
    default:
      return {"no answer: " + httplib::to_string(error), is_it_running(server, url), true, false};
  }
}

HttpFailure failure_of(const httplib::Response& response, const std::string& body,
                       const Server& server, const std::string& token) {
  std::string text = fmt::format("answered {}", response.status);
  const std::string said = excerpt(without_token(error_text(body), token));
  if (!said.empty()) {
    text += ": " + said;
  }
  return {text, advice_for(response.status, server), may_pass(response.status), true};
}

HttpFailure answer_too_long(std::size_t most_bytes) {
  return {fmt::format("an answer of more than {} MiB, which no scores are", most_bytes >> 20),
          "is it the right model?", false, true};
}

HttpFailure head_too_long(std::size_t most_bytes, std::size_t longest_line) {
  return {fmt::format("headers of more than {} KiB, or a line of more than {} bytes in them",
                      most_bytes >> 10, longest_line),
          "is it the right server?", false, true};
}

std::string without_token(std::string text, const std::string& token) {
  if (!token.empty()) {
    boost::replace_all(text, token, "(the token)");
  }
  return text;
}

}  // namespace dflare
