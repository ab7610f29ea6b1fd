#include "model/server/bounded_client.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace dflare {
namespace {

/// The bytes of a connection, encrypted or not, as far as they may be read.
class BoundedStream : public httplib::Stream {
 public:
  BoundedStream(int socket, SSL* ssl, Reading& reading)
      : socket_(socket), ssl_(ssl), reading_(reading) {}

  // The socket has time limits of its own, by which reading and writing end.
  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }

  ssize_t read(char* data, std::size_t size) override {
    if (begin_ == end_) {
      const ssize_t received = receive();
      if (received <= 0) return received;
      begin_ = 0;
      end_ = static_cast<std::size_t>(received);
    }
    const std::size_t count = std::min(size, end_ - begin_);
    std::memcpy(data, buffer_.data() + begin_, count);
    begin_ += count;
    return reading_.note(data, count) ? static_cast<ssize_t>(count) : -1;
  }

  ssize_t write(const char* data, std::size_t size) override {
    if (ssl_ != nullptr) {
      constexpr std::size_t most = std::size_t{1} << 20;  // SSL_write takes an int
      return ::SSL_write(ssl_, data, static_cast<int>(std::min(size, most)));
    }
    ssize_t sent = 0;
    do {
      sent = ::send(socket_, data, size, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent;
  }

  // Nobody asks a client for these.
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_; }

 private:
  ssize_t receive() {
    if (ssl_ != nullptr) return ::SSL_read(ssl_, buffer_.data(), static_cast<int>(buffer_.size()));
    ssize_t received = 0;
    do {
      received = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    } while (received < 0 && errno == EINTR);
    return received;
  }

  int socket_;
  SSL* ssl_;
  Reading& reading_;
  std::array<char, 16384> buffer_{};
  std::size_t begin_ = 0, end_ = 0;
};

template <class Client>
class BoundedClient : public Client {
 public:
  BoundedClient(const ServerUrl& url, Reading& reading)
      : Client(url.host, url.port), reading_(reading) {}

 private:
  bool process_socket(const typename Client::Socket& socket,
                      std::function<bool(httplib::Stream&)> callback) override {
    BoundedStream stream(socket.sock, socket.ssl, reading_);
    return callback(stream);
  }

  Reading& reading_;
};

}  // namespace

bool Reading::note(const char* data, std::size_t size) {
  bytes += size;
  too_long = too_long || bytes > most_bytes;
  for (std::size_t i = 0; in_head && i < size; ++i) {
    line = data[i] == '\n' ? 0 : line + 1;
    head_too_long = head_too_long || line > longest_line || bytes > longest_head;
  }
  return !too_long && !head_too_long;
}

std::unique_ptr<httplib::ClientImpl> bounded_client(const ServerUrl& url, Reading& reading) {
  if (url.encrypted) return std::make_unique<BoundedClient<httplib::SSLClient>>(url, reading);
  return std::make_unique<BoundedClient<httplib::ClientImpl>>(url, reading);
}

}  // namespace dflare
