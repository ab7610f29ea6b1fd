#pragma once

#include <string>
#include <utility>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/scores_of.hpp"
#include "model/v2_server.hpp"
#include "support/message_of.hpp"

namespace dflare::test {

/// Images of the tests' server.
inline ImageBatch small_pictures(int count) {
  return pictures(count, 4, 4, 1);
}

/// What the model's evaluation of an image throws where the server does this.
inline std::string failure(V2Server& there, V2Server::Wrong wrong, Server server) {
  there.wrong = std::move(wrong);
  const auto model = load_server(server, {});
  return message_of<ModelError>([&] { model->predict(small_pictures(2)); });
}

inline std::string failure(V2Server& there, V2Server::Wrong wrong) {
  return failure(there, std::move(wrong), there.server());
}

/// Answers this.
inline V2Server::Wrong saying(int status, const std::string& body,
                              const std::string& type = "text/html") {
  return [=](const httplib::Request&, httplib::Response& response) {
    response.status = status;
    response.set_content(body, type.c_str());
    return true;
  };
}

}  // namespace dflare::test
