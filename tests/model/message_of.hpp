#pragma once

#include <string>

namespace dflare::test {

/// The message of the exception of this very kind that `function` throws.
template <class Failure, class Function>
std::string message_of(Function function) {
  try {
    function();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "nothing was thrown";
}

}  // namespace dflare::test
