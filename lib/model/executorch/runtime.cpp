#include "model/executorch/runtime.hpp"

#include <executorch/runtime/platform/platform.h>
#include <executorch/runtime/platform/runtime.h>
#include <fmt/format.h>

#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>

#include "dflare/error.hpp"
#include "model/executorch/executorch.hpp"

namespace dflare {
namespace {

namespace dll = boost::dll;
namespace et = executorch::runtime;

thread_local std::vector<std::string>* listener = nullptr;
pal_emit_log_message_method print_log = nullptr;

// Takes the log of the threads that listen; that of others, and what the process ends with, goes
// where it went.
void take_log(et_timestamp_t when, et_pal_log_level_t level, const char* file, const char* function,
              std::size_t line, const char* message, std::size_t length) {
  if (!listener || level == kFatal) {
    if (print_log) print_log(when, level, file, function, line, message, length);
  } else if (level == kError) {
    listener->emplace_back(message, length);
  }
}

// NoThreadPoolGuard of ExecuTorch, which is in a library that is opened here. Without the pool,
// workers neither wait for one another nor take each other's cores.
struct ThreadPoolGuard {
  bool (*is_on)();
  void (*set)(bool on);
};

// Opened so that they find their own XNNPACK and thread pool before LibTorch's, which have the same
// names, and that nothing else finds theirs.
dll::shared_library open_apart(const char* part) {
  const auto path = dll::symbol_location(et::runtime_init).parent_path() /
                    fmt::format("libexecutorch_{}.so", part);
  try {
    return dll::shared_library(path, dll::load_mode::rtld_now | dll::load_mode::rtld_local |
                                         dll::load_mode::rtld_deepbind);
  } catch (const std::exception& failure) {
    throw ModelError(
        fmt::format("{} is not complete: {}; install it again, where it was when dflare was built",
                    executorch_version(), failure.what()));
  }
}

ThreadPoolGuard open_all() {
  et::runtime_init();
  const pal_emit_log_message_method before = et::get_pal_impl()->emit_log_message;
  if (before != &take_log) print_log = before;  // an attempt that failed may have been here
  et::register_pal(et::PalImpl::create(&take_log, "dflare"));
  // Never closed: their kernels and delegates are registered for good.
  static auto* const parts = new std::vector<dll::shared_library>;
  for (const char* part :
       {"threadpool", "kernels_optimized", "kernels_quantized", "backend_xnnpack"}) {
    parts->push_back(open_apart(part));
  }
  const std::string guard = "_ZN10executorch9extension10threadpool17NoThreadPoolGuard";
  return {parts->front().get<bool()>(guard + "10is_enabledEv"),
          parts->front().get<void(bool)>(guard + "11set_enabledEb")};
}

const ThreadPoolGuard& guard() {
  static const ThreadPoolGuard guard = open_all();
  return guard;
}

}  // namespace

std::string executorch_version() {
  return "ExecuTorch " DFLARE_EXECUTORCH_VERSION;
}

ExecuTorchTurn::ExecuTorchTurn() : outer_errors_(listener) {
  listener = &errors_;
  try {
    was_alone_ = guard().is_on();
    guard().set(true);
  } catch (...) {
    listener = outer_errors_;
    throw;
  }
}

ExecuTorchTurn::~ExecuTorchTurn() {
  guard().set(was_alone_);
  listener = outer_errors_;
}

}  // namespace dflare
