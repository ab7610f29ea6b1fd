#include "config/input_entry.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"
#include "model/input_json.hpp"

namespace dflare::config {
namespace {

constexpr std::int64_t largest_side = 1 << 16;

void read_size(const Entry& entry, ImageSize& size) {
  if (!entry.is_list()) {
    if (const auto side = entry.whole_number(1, largest_side))
      size = {static_cast<int>(*side), static_cast<int>(*side)};
    return;
  }
  const auto items = entry.items();
  if (items.size() != 2) {
    entry.mistake(fmt::format("a list of {} where [height, width] was expected", items.size()));
    return;
  }
  const auto height = items[0].whole_number(1, largest_side),
             width = items[1].whole_number(1, largest_side);
  if (height && width) size = {static_cast<int>(*height), static_cast<int>(*width)};
}

void read_range(const Entry& entry, InputSpec& input) {
  const auto range = entry.numbers();
  if (!range) return;
  if (range->size() != 2) {
    entry.mistake(
        fmt::format("{} number(s) where [low, high] was expected, what the pixels 0 and 255 become",
                    range->size()));
    return;
  }
  input.low = (*range)[0];
  input.high = (*range)[1];
}

}  // namespace

void read_input(const Entry& entry, InputSpec& input) {
  for (const auto& [name, value] :
       entry.entries({"channels", "size", "mean", "std", "range", "layout", "output", "resize"})) {
    if (name == "channels") {
      if (const auto n = value.whole_number(1, 3)) input.channels = static_cast<int>(*n);
    } else if (name == "size") {
      read_size(value, input.size);
    } else if (name == "mean") {
      if (const auto v = value.numbers()) input.mean = *v;
    } else if (name == "std") {
      if (const auto v = value.numbers()) input.stddev = *v;
    } else if (name == "range") {
      read_range(value, input);
    } else if (name == "layout") {
      if (const auto i = value.choice("layout", {"nchw", "nhwc"}))
        input.layout = *i == 0 ? Layout::nchw : Layout::nhwc;
    } else if (name == "output") {
      if (const auto i = value.choice("output", output_names()))
        input.output = static_cast<Output>(*i);
    } else if (name == "resize") {
      if (const auto v = value.truth()) input.resize = *v;
    }
  }
}

void check_input(const Entry& entry, const InputSpec& input) {
  InputSpec judged = input;
  // The size may be the model file's own, which is not known before it is loaded.
  if (!judged.size.given()) judged.resize = false;
  try {
    judged.check();
  } catch (const ConfigError& e) {
    entry.mistake(e.what());
  }
}

}  // namespace dflare::config
