#pragma once

#include <httplib.h>

#include <memory>

#include "model/server/url.hpp"

namespace dflare {

/// What has been read of one answer, and how much may be.
struct Reading {
  /// cpp-httplib judges a line only when it is whole, the first by a recursive std::regex.
  static constexpr std::size_t longest_line = 8192, longest_head = std::size_t{256} << 10;

  std::size_t most_bytes = 0;  ///< in all
  bool in_head = true;         ///< the status line and the headers, of answers 100 too
  std::size_t bytes = 0, line = 0;
  bool head_too_long = false, too_long = false;

  /// Notes what the client gets to see; false: no more of it.
  bool note(const char* data, std::size_t size);
};

/// A client of the URL's origin that reads no more than `reading` allows, which must outlive it.
std::unique_ptr<httplib::ClientImpl> bounded_client(const ServerUrl& url, Reading& reading);

}  // namespace dflare
