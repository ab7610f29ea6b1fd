#include "model/server/http_client.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <thread>

#include "dflare/error.hpp"
#include "model/server/bounded_client.hpp"
#include "model/server/http_failure.hpp"
#include "model/server/server.hpp"
#include "model/server/server_bounds.hpp"
#include "model/server/time_watch.hpp"
#include "support/broken_pipe.hpp"
#include "support/numbers.hpp"

namespace dflare {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_bytes = std::size_t{256} << 20;  // of an answer, unpacked

std::chrono::microseconds microseconds(double seconds) {
  return std::chrono::microseconds(std::llround(seconds * 1e6));
}

bool is_token(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char letter) { return letter > ' ' && letter <= '~'; });
}

}  // namespace

const BreakerRules HttpClient::rules = {
    3, /*stays_open=*/false, [](int failures, const std::string& last) {
      return fmt::format(
          "not asked any more, for {} requests in a row got no answer (the last: {}); is the "
          "server running?",
          failures, last);
    }};

std::string token_of(const Server& server, const ServerUrl& url) {
  if (server.token_from.empty()) {
    return "";
  }
  const char* value = std::getenv(server.token_from.c_str());
  if (value == nullptr || *value == '\0') {
    throw ModelError(fmt::format(
        "token_from names the environment variable {}, which is not set; set it to the token",
        server.token_from));
  }
  if (!is_token(value)) {
    throw ModelError(
        fmt::format("the environment variable {} (token_from) holds no token: blanks, line breaks "
                    "and letters beyond ASCII cannot be sent",
                    server.token_from));
  }
  if (!url.encrypted && !url.local) {
    throw ModelError(fmt::format(
        "the token in {} would travel unencrypted to another machine; use https, or leave out "
        "token_from",
        server.token_from));
  }
  return value;
}

double seconds_to_wait(const Server& server, int attempt, const std::string& retry_after) {
  constexpr double longest_by_request = 30;
  const double own =
      std::min(std::ldexp(server.back_off_seconds, attempt - 1), ServerBounds::longest_back_off);
  const bool in_seconds = !retry_after.empty() && retry_after.size() < 9 &&
                          retry_after.find_first_not_of("0123456789") == std::string::npos;
  return in_seconds
             ? std::max(own, std::min(number_in<double>(retry_after).value(), longest_by_request))
             : own;
}

struct HttpClient::Attempt {
  HttpReply reply;
  HttpFailure failure;      // its text is empty: there is none
  std::string retry_after;  // the header
};

HttpClient::HttpClient(const Server& server, std::string token,
                       std::shared_ptr<CircuitBreaker> breaker)
    : server_(server),
      url_(parse_server_url(server.url)),
      token_(std::move(token)),
      breaker_(std::move(breaker)),
      watch_(std::make_unique<TimeWatch>()),
      reading_(std::make_unique<Reading>()),
      client_(bounded_client(url_, *reading_)) {
  client_->set_socket_options([watch = watch_.get()](int socket) { watch->opened(socket); });
  client_->set_connection_timeout(microseconds(server.connect_seconds));
  client_->set_read_timeout(microseconds(server.answer_seconds));
  client_->set_write_timeout(microseconds(server.answer_seconds));
  client_->set_keep_alive(true);
  client_->set_tcp_nodelay(true);
  client_->set_url_encode(false);
}

HttpClient::~HttpClient() = default;

HttpReply HttpClient::get(const std::string& path) {
  return ask("GET", path, {}, "");
}

HttpReply HttpClient::post(const std::string& path, const std::string& body,
                           std::size_t json_length) {
  if (json_length == 0) {
    return ask("POST", path, {{"Content-Type", "application/json"}}, body);
  }
  return ask("POST", path,
             {{"Content-Type", "application/octet-stream"},
              {"Inference-Header-Content-Length", std::to_string(json_length)}},
             body);
}

HttpReply HttpClient::ask(const std::string& method, const std::string& path,
                          const Headers& headers, const std::string& body) {
  const std::string what = fmt::format("{} {}{}{}", method, url_.origin, url_.prefix, path);
  if (const auto why = breaker_->why_open()) throw ModelError(fmt::format("{}: {}", what, *why));
  // Whoever did not answer last time gets no more patience until it does.
  const bool patient = breaker_->last_was_well();
  const int attempts = patient ? server_.retries + 1 : 1;
  for (int number = 1;; ++number) {
    Attempt done = attempt(method, path, headers, body);
    const bool is_last = number == attempts || !done.failure.may_pass;
    if (done.failure.text.empty()) {
      breaker_->answered();
      return std::move(done.reply);
    }
    if (is_last) {
      if (done.failure.answered) {
        breaker_->answered(!done.failure.may_pass);
      } else {
        breaker_->failed(done.failure.text);
      }
      throw ModelError(fmt::format("{}: {} ({} attempt{}{}){}{}", what, done.failure.text, number,
                                   number == 1 ? "" : "s",
                                   patient ? "" : ", for the request before it failed too",
                                   done.failure.advice.empty() ? "" : "; ", done.failure.advice));
    }
    std::this_thread::sleep_for(microseconds(seconds_to_wait(server_, number, done.retry_after)));
  }
}

HttpClient::Attempt HttpClient::attempt(const std::string& method, const std::string& path,
                                        const Headers& headers, const std::string& body) {
  const NoBrokenPipeSignal no_signal;
  const Clock::time_point deadline = Clock::now() + microseconds(server_.answer_seconds);
  Attempt done;
  bool too_long = false;
  httplib::Request request;
  request.method = method;
  request.path = url_.prefix + path;
  request.body = body;
  for (const auto& [name, value] : headers) {
    request.set_header(name, value);
  }
  if (!token_.empty()) {
    request.set_header("Authorization", "Bearer " + token_);
  }
  *reading_ = Reading();
  reading_->most_bytes = 2 * most_bytes;  // with all that is around the answer
  request.response_handler = [this](const httplib::Response&) {
    reading_->in_head = false;
    return true;
  };
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    too_long = done.reply.body.size() + size > most_bytes;
    if (too_long || Clock::now() > deadline) {
      return false;
    }
    done.reply.body.append(data, size);
    return true;
  };
  std::optional<httplib::Result> sent;
  watch_->run(deadline, [&] { sent = client_->send(request); });
  const httplib::Result& result = *sent;
  if (!result) {
    const bool late = Clock::now() >= deadline;
    if (reading_->head_too_long) {
      done.failure = head_too_long(Reading::longest_head, Reading::longest_line);
    } else if (too_long || reading_->too_long) {
      done.failure = answer_too_long(most_bytes);
    } else {
      done.failure = failure_of(result.error(), late, server_, url_);
    }
  } else if (result->status < 200 || result->status > 299) {
    done.failure = failure_of(*result, done.reply.body, server_, token_);
    done.retry_after = result->get_header_value("Retry-After");
  } else {
    done.reply.json_length = result->get_header_value("Inference-Header-Content-Length");
  }
  return done;
}

std::string server_client_version() {
  return "cpp-httplib " CPPHTTPLIB_VERSION;
}

}  // namespace dflare
