#pragma once

#include <future>
#include <system_error>
#include <utility>

namespace dflare {

/// Calls `work` in a thread of its own; where none is to be had, when the future is asked for what
/// it returns.
template <class Work>
auto beside(Work work) -> std::future<decltype(work())> {
  try {
    return std::async(std::launch::async, work);
  } catch (const std::system_error&) {
    return std::async(std::launch::deferred, std::move(work));
  }
}

}  // namespace dflare
