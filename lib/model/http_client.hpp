#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dflare/model_source.hpp"
#include "model/server_url.hpp"

namespace httplib {
class Client;
}

namespace dflare {

/// What the replicas of a model know together of their server, so that one that is gone does not
/// cost every image all retries.
struct Standing {
  std::atomic<bool> answering{true};  ///< whether the last request was answered
  std::atomic<int> unanswered{0};     ///< requests in a row that got no answer at all
};

struct HttpReply {
  std::string body;
  std::string json_length;  ///< the header Inference-Header-Content-Length; empty: none
};

/// The token in the environment variable that the server's `token_from` names; empty if it names
/// none. Throws ModelError, which does not show it, for a variable that is unset or holds no token,
/// and where the token would travel unencrypted to another machine.
std::string token_of(const Server& server, const ServerUrl& url);

/// How long to wait after the `attempt`-th attempt, from 1; `retry_after` is the header of that
/// name, in seconds, and honoured up to 30.
double seconds_to_wait(const Server& server, int attempt, const std::string& retry_after);

/// Requests to one server over one connection, which is kept. No token is ever in what it throws.
class HttpClient {
 public:
  HttpClient(const Server& server, std::string token, std::shared_ptr<Standing> standing);
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
  void remember(const Attempt& last);

  Server server_;
  ServerUrl url_;
  std::string token_;
  std::shared_ptr<Standing> standing_;
  std::unique_ptr<httplib::Client> client_;
};

}  // namespace dflare
