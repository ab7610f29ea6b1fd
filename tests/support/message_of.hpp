#pragma once

#include <exception>
#include <string>

namespace dflare::test {

/// The message of an exception of that kind that `function` throws, or what happened instead.
template <class Kind, class Function>
std::string message_of(Function function) {
  try {
    function();
  } catch (const Kind& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("another exception: ") + error.what();
  }
  return "nothing was thrown";
}

}  // namespace dflare::test
