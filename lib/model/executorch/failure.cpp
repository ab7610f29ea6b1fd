#include "model/executorch/failure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

#include "dflare/error.hpp"
#include "model/executorch/executorch.hpp"
#include "support/regex_text.hpp"

namespace dflare {
namespace {

namespace et = executorch::runtime;

std::vector<std::string> missing_operators(const std::vector<std::string>& log) {
  const std::regex pattern("Missing operator: \\[\\d+\\] (\\S+)");
  std::vector<std::string> names;
  std::smatch match;
  for (const std::string& logged : log) {
    const std::string line = start_for_regex(logged);
    if (!std::regex_search(line, match, pattern)) continue;
    if (std::find(names.begin(), names.end(), match[1].str()) == names.end()) {
      names.push_back(match[1]);
    }
  }
  return names;
}

// Whatever the error is called: the log of a program whose weights are in a .ptd.
bool lacks_data(const std::vector<std::string>& log) {
  const std::regex pattern("(external|named)_data_map");
  return std::any_of(log.begin(), log.end(), [&](const std::string& line) {
    return std::regex_search(start_for_regex(line), pattern);
  });
}

constexpr const char* data_elsewhere =
    "its weights are in a .ptd file, which dflare does not read; export it again with its weights "
    "inside (ExecutorchBackendConfig: external_constants=False)";

}  // namespace

std::string executorch_remedy(et::Error error, const std::vector<std::string>& log) {
  const std::string version = executorch_version();
  if (lacks_data(log)) return data_elsewhere;
  switch (error) {
    case et::Error::OperatorMissing:
      return fmt::format(
          "it needs what {} has no kernel for: {}; export it without that, or for the XNNPACK "
          "delegate",
          version, fmt::join(missing_operators(log), ", "));
    case et::Error::InvalidProgram:
    case et::Error::InvalidType:
    case et::Error::DelegateInvalidCompatibility:
    case et::Error::DelegateInvalidHandle:
      return fmt::format(
          "it is damaged, or was written by a version that {} does not understand; copy it again, "
          "or export it again with that version",
          version);
    case et::Error::NotFound:
    case et::Error::AccessFailed:
    case et::Error::InvalidExternalData:
      return "a part of it is not there: it is damaged, or its data are in another file (.ptd), "
             "which dflare does not read; export it again, with its data in it";
    case et::Error::MemoryAllocationFailed:
    case et::Error::DelegateMemoryAllocationFailed:
    case et::Error::OutOfResources:
      return "there is not enough memory for it, or it is damaged; try it with fewer workers, or "
             "export it again";
    default:
      return fmt::format("{} gave up; if it works elsewhere, copy it again, or export it again",
                         version);
  }
}

std::string executorch_failure(et::Error error, const ExecuTorchTurn& turn) {
  constexpr std::size_t most_lines = 3;
  std::vector<std::string> details = {et::to_string(error)};
  const std::vector<std::string>& log = turn.errors();
  std::copy_n(log.begin(), std::min(log.size(), most_lines), std::back_inserter(details));
  return fmt::format("{} ({})", executorch_remedy(error, log), fmt::join(details, "; "));
}

void require_executorch(et::Error error, const ExecuTorchTurn& turn, const std::string& step) {
  if (error == et::Error::Ok) return;
  throw ModelError(fmt::format("{}: {}", step, executorch_failure(error, turn)));
}

}  // namespace dflare
