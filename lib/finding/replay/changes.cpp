#include "finding/replay/changes.hpp"

#include <fmt/format.h>

namespace dflare {
namespace {

std::string described(const ModelRecord& record) {
  if (record.is_file()) return fmt::format("the file '{}'", record.file);
  return fmt::format("a {}, '{}'", record.in_memory() ? "model in memory" : record.backend,
                     record.name);
}

std::string or_none(const std::string& text) {
  return text.empty() ? "none" : text;
}

std::string what_changed(const ModelRecord& now) {
  if (now.backend == "process")
    return "model's process was given other files, or they have changed";
  if (now.backend == "server") return "model is another one by what its server says of it";
  return "model's file has changed";
}

std::string hashes(const ModelRecord& then, const ModelRecord& now) {
  return fmt::format("'{}' has SHA-256 {}, and '{}' had {}", now.is_file() ? now.file : now.name,
                     or_none(now.sha256), then.is_file() ? then.file : then.name,
                     or_none(then.sha256));
}

}  // namespace

void append_changes(std::vector<std::string>& warnings, const std::string& which,
                    const ModelRecord& then, const ModelRecord& now) {
  const bool same_kind = then.is_file() == now.is_file() && then.in_memory() == now.in_memory();
  if (!same_kind || (!then.is_file() && !then.in_memory() && then.name != now.name))
    warnings.push_back(fmt::format("the {} model is {}, and was {} when the finding was made",
                                   which, described(now), described(then)));
  else if (then.sha256 != now.sha256)
    warnings.push_back(fmt::format("the {} {} since the finding was made: {}", which,
                                   what_changed(now), hashes(then, now)));
  const auto compare = [&](const char* what, const std::string& before, const std::string& after) {
    if (before != after)
      warnings.push_back(
          fmt::format("the {} model's {} is {}, and was {} when the finding was made", which, what,
                      or_none(after), or_none(before)));
  };
  compare("backend", then.backend, now.backend);
  compare("runtime", then.runtime, now.runtime);
  // A process and a server have none that dflare knows of.
  if (!then.device.empty() && !now.device.empty()) compare("device", then.device, now.device);
  compare("quantised engine", then.engine, now.engine);
  if (then.input != now.input)
    warnings.push_back(fmt::format(
        "the {} model's input specification is another than when the finding was made", which));
}

}  // namespace dflare
