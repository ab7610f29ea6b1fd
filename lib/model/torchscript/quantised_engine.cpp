#include "model/torchscript/quantised_engine.hpp"

#include <ATen/Context.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "dflare/error.hpp"

namespace dflare {
namespace {

struct Engine {
  const char* name;
  at::QEngine id;
};
constexpr Engine engines_by_preference[] = {
    {"onednn", at::kONEDNN},
    {"x86", at::kX86},
    {"fbgemm", at::kFBGEMM},
    {"qnnpack", at::kQNNPACK},
};

at::QEngine id_of(const std::string& name) {
  for (const Engine& engine : engines_by_preference) {
    if (name == engine.name) {
      return engine.id;
    }
  }
  throw ModelError(fmt::format("quantised engine '{}' is not known", name));
}

class Gate {
 public:
  void enter(at::QEngine wanted) {
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = next_ticket_++;
    changed_.wait(lock, [&] {
      return ticket == now_served_ && (running_ == 0 || at::globalContext().qEngine() == wanted);
    });
    if (running_ == 0) {
      engine_of_others_ = at::globalContext().qEngine();
      at::globalContext().setQEngine(wanted);
    }
    ++running_;
    ++now_served_;
    changed_.notify_all();
  }

  void leave() {
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) {
      at::globalContext().setQEngine(engine_of_others_);
      changed_.notify_all();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_ticket_ = 0, now_served_ = 0;
  int running_ = 0;
  at::QEngine engine_of_others_ = at::kNoQEngine;
};

Gate& gate() {
  static Gate the_gate;
  return the_gate;
}

}  // namespace

std::vector<std::string> quantised_engines() {
  const std::vector<at::QEngine>& supported = at::globalContext().supportedQEngines();
  std::vector<std::string> names;
  for (const Engine& engine : engines_by_preference) {
    if (std::find(supported.begin(), supported.end(), engine.id) != supported.end()) {
      names.emplace_back(engine.name);
    }
  }
  return names;
}

std::string choose_quantised_engine(const std::string& wanted) {
  const std::vector<std::string> there = quantised_engines();
  if (wanted.empty()) {
    return there.empty() ? "" : there.front();
  }
  if (std::find(there.begin(), there.end(), wanted) == there.end()) {
    throw ModelError(
        fmt::format("quantised engine '{}' is not there; this LibTorch has: {}. Choose one of them "
                    "or leave the engine out",
                    wanted, there.empty() ? "none" : fmt::format("{}", fmt::join(there, ", "))));
  }
  return wanted;
}

QuantisedEngineTurn::QuantisedEngineTurn(const std::string& engine) : taken_(!engine.empty()) {
  if (taken_) {
    gate().enter(id_of(engine));
  }
}

QuantisedEngineTurn::~QuantisedEngineTurn() {
  if (taken_) {
    gate().leave();
  }
}

}  // namespace dflare
