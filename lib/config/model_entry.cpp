#include "config/model_entry.hpp"

#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>

#include "config/input_entry.hpp"

namespace dflare::config {
namespace {

void read_model_file(const Entry& entry, std::string& path) {
  const auto given = entry.path();
  if (!given) return;
  path = *given;
  boost::system::error_code error;
  if (!boost::filesystem::is_regular_file(path, error)) {
    entry.mistake(fmt::format("there is no file '{}'; expected a model file", path));
  }
}

}  // namespace

ModelEntry read_model(const Entry& entry, const InputSpec& input) {
  ModelEntry model;
  model.load.input = input;
  if (!entry.is_map()) {
    read_model_file(entry, model.path);
  } else {
    bool file_given = false;
    for (const auto& [name, value] : entry.entries({"file", "device", "engine", "input"})) {
      if (name == "file") {
        file_given = true;
        read_model_file(value, model.path);
      } else if (name == "device") {
        if (const auto text = value.text()) model.load.device = *text;
      } else if (name == "engine") {
        if (const auto text = value.text()) model.load.engine = *text;
      } else {
        read_input(value, model.load.input);
        check_input(value, model.load.input);
      }
    }
    if (!file_given) entry.mistake("the key 'file' is missing; expected the path of a model");
  }
  return model;
}

}  // namespace dflare::config
