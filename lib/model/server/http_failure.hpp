#pragma once

#include <httplib.h>

#include <string>

#include "dflare/model_source.hpp"
#include "model/server/url.hpp"

namespace dflare {

/// Why a request was not answered as it should be.
struct HttpFailure {
  std::string text;      ///< what happened; empty: nothing failed
  std::string advice;    ///< what to do
  bool may_pass = true;  ///< whether another attempt may help
  bool answered = true;  ///< whether the server answered at all
};

/// Of a request that got no whole answer; `late`: its time was over.
HttpFailure failure_of(httplib::Error error, bool late, const Server& server, const ServerUrl& url);
/// Of an answer with another status than success; the token is taken out of what it says.
HttpFailure failure_of(const httplib::Response& response, const std::string& body,
                       const Server& server, const std::string& token);
/// Of an answer of more than so many bytes.
HttpFailure answer_too_long(std::size_t most_bytes);
/// Of an answer whose headers are longer in all, or in one line.
HttpFailure head_too_long(std::size_t most_bytes, std::size_t longest_line);

/// The text with "(the token)" for the token, if there is one.
std::string without_token(std::string text, const std::string& token);

}  // namespace dflare
