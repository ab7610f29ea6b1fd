#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dflare/model_source.hpp"
#include "model/circuit_breaker.hpp"
#include "model/server/url.hpp"

namespace httplib {
class ClientImpl;
}

namespace dflare {

struct Reading;
class TimeWatch;

struct HttpReply {
  std::string body;
  std::string json_length;  ///< the header Inference-Header-Content-Length; empty: none
};

/// The token in the environment variable that the server's `token_from` names; empty if it names
/// none. Throws ModelError, which does not show it, for a variable that is unset or holds no token,
/// and where the token would travel unencrypted to another machine.
std::string token_of(const Server& server, const ServerUrl& url);

/// How long to wait after the `attempt`-th attempt, from 1; `retry_after` is the header of that
/// name, in seconds, and honoured up to 30. Never more than a minute.
double seconds_to_wait(const Server& server, int attempt, const std::string& retry_after);

/// Requests to one server over one connection, which is kept. No token is ever in what it throws.
class HttpClient {
 public:
  /// Of the requests of all replicas of a model: one that is gone does not cost every image all
  /// retries.
  static const BreakerRules rules;

  HttpClient(const Server& server, std::string token, std::shared_ptr<CircuitBreaker> breaker);
  ~HttpClient();

  /// The answer, after as many retries as it takes and the server allows. Throws ModelError.
  HttpReply get(const std::string& path);
  /// Likewise. `json_length`: of a body that is not all JSON; else 0.
  HttpReply post(const std::string& path, const std::string& body, std::size_t json_length);

  const std::string& token() const { return token_; }  ///< empty: none

 private:
  struct Attempt;
  using Headers = std::vector<std::pair<std::string, std::string>>;

  HttpReply ask(const std::string& method, const std::string& path, const Headers& headers,
                const std::string& body);
  Attempt attempt(const std::string& method, const std::string& path, const Headers& headers,
                  const std::string& body);

  Server server_;
  ServerUrl url_;
  std::string token_;
  std::shared_ptr<CircuitBreaker> breaker_;
  std::unique_ptr<TimeWatch> watch_;
  std::unique_ptr<Reading> reading_;
  std::unique_ptr<httplib::ClientImpl> client_;  // uses both
};

}  // namespace dflare
