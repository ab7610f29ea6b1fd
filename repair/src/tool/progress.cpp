#include "tool/progress.hpp"

#include <fmt/format.h>

namespace dflare::repair {

std::string stage_text(const Stage& stage) {
  std::string text = stage.name;
  const char* separator = ": ";
  if (stage.all > 0) {
    text += fmt::format("{}{} of {}", separator, stage.done, stage.all);
    separator = ", ";
  }
  if (!stage.detail.empty()) text += separator + stage.detail;
  return text + time_left(stage.done, stage.all, stage.seconds);
}

void StageDisplay::show(const Stage& stage) {
  if (stage.name == stage_ && !line_.due()) return;
  stage_ = stage.name;
  line_.show_now(stage_text(stage));
}

}  // namespace dflare::repair
