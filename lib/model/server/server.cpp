#include "model/server/server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/server/excerpt.hpp"
#include "model/server/http_client.hpp"
#include "model/server/http_failure.hpp"
#include "model/server/server_bounds.hpp"
#include "model/server/v2_protocol.hpp"

namespace dflare {
namespace {

std::string model_path(const Server& server) {
  const std::string version =
      server.version.empty() ? "" : "/versions/" + path_part(server.version);
  return "/v2/models/" + path_part(server.model) + version;
}

/// Reads an answer; what is wrong with it is said with its beginning, in which no token is shown.
template <class Read>
auto reading(const HttpReply& reply, const std::string& token, Read read) {
  try {
    return read();
  } catch (const ModelError& failure) {
    throw ModelError(fmt::format("{}; the answer begins {}", without_token(failure.what(), token),
                                 excerpt(without_token(reply.body, token))));
  }
}

void check(const Server& server, const LoadOptions& options) {
  if (options.device != LoadOptions().device || !options.engine.empty() || options.isolate ||
      options.sandbox) {
    throw ModelError("device, engine and isolate are for files; a server has its own");
  }
  if (server.model.empty()) {
    throw ModelError("the model's name on the server is missing; give it");
  }
  using Bounds = ServerBounds;
  const auto within = [](double value, double most) { return value >= 0 && value <= most; };
  const bool fits =
      server.connect_seconds > 0 && within(server.connect_seconds, Bounds::longest_seconds) &&
      server.answer_seconds > 0 && within(server.answer_seconds, Bounds::longest_seconds) &&
      within(server.back_off_seconds, Bounds::longest_back_off) &&
      within(server.retries, Bounds::most_retries);
  if (!fits) {
    throw ModelError(fmt::format(
        "connect_seconds {} and answer_seconds {} must be above 0 and at most {}, back_off_seconds "
        "{} from 0 to {}, retries {} from 0 to {}",
        server.connect_seconds, server.answer_seconds, Bounds::longest_seconds,
        server.back_off_seconds, Bounds::longest_back_off, server.retries, Bounds::most_retries));
  }
}

/// What is known of a model on a server once it is loaded.
struct Found {
  v2::Contract contract;
  InputTensor input;
  std::string runtime, identity;
  bool one_by_one = false;
};

Found find_model(HttpClient& client, const Server& server) {
  const HttpReply about_server = client.get("/v2");
  const auto host =
      reading(about_server, client.token(), [&] { return v2::read_server(about_server.body); });
  const HttpReply about_model = client.get(model_path(server));
  Found found;
  const auto model = reading(about_model, client.token(), [&] {
    const auto read = v2::read_model(about_model.body);
    found.contract = v2::contract_of(host, read);
    found.identity = v2::identity_of(read, !server.version.empty());
    if (read.input) found.input = input_tensor(found.contract.element, read.input->shape);
    return read;
  });
  client.get(model_path(server) + "/ready");
  found.contract.model = server.model;
  found.contract.version = server.version;
  found.one_by_one = found.input.most_images == 1;
  if (found.input.most_images > 1) {
    throw ModelError(fmt::format(
        "it takes {} images at once, no more and no fewer; expected any number (-1) or 1",
        found.input.most_images));
  }
  found.runtime = host.name;
  for (const std::string& more : {host.version, model.platform}) {
    if (!more.empty()) found.runtime += (found.runtime.empty() ? "" : " ") + more;
  }
  return found;
}

class ServerModel : public Model {
 public:
  ServerModel(InputSpec input, ModelInfo info, Found found, std::string token,
              std::shared_ptr<CircuitBreaker> breaker)
      : Model(std::move(input), std::move(info)),
        found_(std::move(found)),
        token_(std::move(token)),
        breaker_(std::move(breaker)),
        client_(info_.server, token_, breaker_),
        feed_(found_.contract.element) {}

  std::shared_ptr<Model> replicate() const override {
    return std::make_shared<ServerModel>(input(), info(), found_, token_, breaker_);
  }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    const Feed::Tensor tensor = feed_.fill(images, input());
    const int at_once = found_.one_by_one ? 1 : tensor.count;
    int classes = 0;
    for (int first = 0; first < tensor.count; first += at_once) {
      const v2::Answer answer = ask(tensor, first, at_once);
      if (first == 0) {
        classes = answer.classes;
        answers.resize(tensor.count, classes);
      } else if (answer.classes != classes) {
        throw ModelError(fmt::format("answered {} classes for one image and {} for another",
                                     classes, answer.classes));
      }
      std::copy(answer.scores.begin(), answer.scores.end(), answers.row(first));
    }
  }

 private:
  v2::Answer ask(const Feed::Tensor& tensor, int first, int count) {
    const v2::Request request =
        v2::request_of(found_.contract, tensor, input().layout, first, count);
    const HttpReply reply =
        client_.post(model_path(info_.server) + "/infer", request.body, request.json_length);
    return reading(reply, token_, [&] {
      return v2::read_answer(found_.contract, reply.body, reply.json_length, count);
    });
  }

  Found found_;
  std::string token_;
  std::shared_ptr<CircuitBreaker> breaker_;
  HttpClient client_;
  Feed feed_;
};

}  // namespace

std::shared_ptr<Model> load_from_server(const Server& server, const LoadOptions& options) {
  std::string name = "on a server";  // a URL that may hold a password is in no message
  try {
    const ServerUrl url = parse_server_url(server.url);
    name = ModelSource(server).name();
    check(server, options);
    const std::string token = token_of(server, url);
    const auto breaker = std::make_shared<CircuitBreaker>(HttpClient::rules);
    HttpClient client(server, token, breaker);
    Found found = find_model(client, server);
    ModelInfo info;
    info.name = name;
    info.backend = "server";
    info.runtime = found.runtime;
    info.sha256 = found.identity;
    info.server = server;
    const InputSpec input = agree(options.input, found.input);
    return std::make_shared<ServerModel>(input, info, std::move(found), token, breaker);
  } catch (const ConfigError&) {
    throw;
  } catch (const std::exception& failure) {
    throw ModelError(name, failure.what());
  }
}

}  // namespace dflare
