#include "config/model_entry.hpp"

#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>
#include <limits>

#include "config/input_entry.hpp"
#include "model/server/server_bounds.hpp"

namespace dflare::config {
namespace {

ModelFile read_model_file(const Entry& entry) {
  const auto given = entry.path();
  if (!given) return {};
  const std::string& path = *given;
  boost::system::error_code error;
  if (!boost::filesystem::is_regular_file(path, error)) {
    entry.mistake(boost::filesystem::is_directory(path, error)
                      ? fmt::format("'{}' is a folder; expected a model file", path)
                      : fmt::format("there is no file '{}'; expected a model file", path));
  }
  return {path};
}

/// A program named with a folder must be there; others are looked for in PATH when they start.
Command read_command(const Entry& entry) {
  Command command;
  command.folder = entry.folder();
  for (const Entry& item : entry.items()) {
    const auto word = item.expanded("a text");
    if (!word) continue;
    command.words.push_back(*word);
    command.written.push_back(*item.text());
  }
  if (!entry.is_list()) return command;
  if (command.words.empty()) {
    entry.mistake("an empty list; expected a program and its arguments: [python3, serve.py]");
    return command;
  }
  std::string& program = command.words.front();
  if (program.find('/') == std::string::npos) return command;
  program = boost::filesystem::absolute(program, command.folder).lexically_normal().string();
  boost::system::error_code error;
  if (!boost::filesystem::is_regular_file(program, error)) {
    entry.mistake(fmt::format("there is no file '{}'; expected a program", program));
  }
  return command;
}

void read_seconds(const Entry& entry, double& seconds,
                  double longest = ServerBounds::longest_seconds) {
  if (const auto value = entry.number(ServerBounds::shortest_seconds, longest)) seconds = *value;
}

void read_count(const Entry& entry, std::int64_t most, int& count) {
  if (const auto value = entry.whole_number(0, most)) count = static_cast<int>(*value);
}

void read_limits(const Entry& entry, ProcessLimits& limits) {
  for (const auto& [name, value] :
       entry.entries({"start_seconds", "answer_seconds", "memory_mib"})) {
    if (name == "start_seconds") {
      read_seconds(value, limits.start_seconds);
    } else if (name == "answer_seconds") {
      read_seconds(value, limits.answer_seconds);
    } else {
      read_count(value, std::numeric_limits<int>::max(), limits.memory_mib);
    }
  }
}

void read_server(const std::string& name, const Entry& value, Server& server) {
  const auto set = [](std::string& to, const std::optional<std::string>& text) {
    if (text) to = *text;
  };
  if (name == "url") {
    set(server.url, value.expanded("the URL of a server"));
  } else if (name == "model") {
    set(server.model, value.expanded("the name of a model"));
  } else if (name == "version") {
    set(server.version, value.expanded("a version"));
  } else if (name == "token_from") {
    set(server.token_from, value.text("the name of an environment variable"));
  } else if (name == "connect_seconds") {
    read_seconds(value, server.connect_seconds);
  } else if (name == "answer_seconds") {
    read_seconds(value, server.answer_seconds);
  } else if (name == "back_off_seconds") {
    read_seconds(value, server.back_off_seconds, ServerBounds::longest_back_off);
  } else {
    read_count(value, ServerBounds::most_retries, server.retries);
  }
}

void read_twin(const Entry& entry, const InputSpec& input, std::optional<TwinEntry>& twin) {
  twin.emplace();
  twin->load.input = input;
  if (!entry.is_map()) {
    twin->path = read_model_file(entry).path;
    return;
  }
  bool file_given = false;
  for (const auto& [name, value] : entry.entries({"file", "input"})) {
    if (name == "file") {
      file_given = true;
      twin->path = read_model_file(value).path;
    } else {
      read_input(value, twin->load.input);
      check_input(value, twin->load.input);
    }
  }
  if (!file_given) entry.mistake("the key 'file' is missing; expected a TorchScript file");
}

const std::vector<std::string> of_a_server = {"url",
                                              "model",
                                              "version",
                                              "token_from",
                                              "connect_seconds",
                                              "answer_seconds",
                                              "back_off_seconds",
                                              "retries"};

constexpr const char* sandboxed = "sandboxed";

void read_isolate(const Entry& entry, LoadOptions& load) {
  constexpr std::size_t off = 0, on = 1;
  const auto choice = entry.choice("isolation", {"false", "true", sandboxed});
  if (!choice || *choice == off) return;
  (*choice == on ? load.isolate : load.sandbox) = true;
}

std::string isolate_word(const Entry& model) {
  const auto isolate = model.find("isolate");
  return isolate && isolate->node().IsScalar() ? isolate->node().Scalar() : "";
}

/// What a map says belongs to one kind of source only.
void check_source(const Entry& entry) {
  const auto given = [&entry](const std::string& key) { return entry.find(key).has_value(); };
  const int kinds = given("file") + given("process") + given("url");
  if (kinds != 1) {
    entry.mistake(kinds == 0
                      ? "the key 'file' is missing; expected the path of a model (or 'process', a "
                        "command, or 'url' and 'model', a server)"
                      : "several of the keys 'file', 'process', 'url'; expected one of them");
    return;
  }
  const auto only_with = [&](const std::string& key, bool fits, const char* what) {
    if (given(key) && !fits)
      entry.find(key)->mistake(fmt::format("makes no sense without {}; leave it out", what));
  };
  for (const std::string& key : of_a_server) only_with(key, given("url"), "'url'");
  for (const char* key : {"device", "engine"}) only_with(key, given("file"), "'file'");
  const std::string isolate = isolate_word(entry);
  const bool boxed = isolate == sandboxed;
  only_with("isolate", given("file") || (given("process") && boxed), "'file'");
  only_with("limits", given("process") || isolate == "true" || boxed,
            "'process' or 'isolate: true'");
  if (given("url") && !given("model"))
    entry.mistake("the key 'model' is missing; expected the name of the model on the server");
}

}  // namespace

ModelEntry read_model(const Entry& entry, const InputSpec& input) {
  ModelEntry model;
  model.load.input = input;
  if (!entry.is_map()) {
    model.source = read_model_file(entry);
    return model;
  }
  std::vector<std::string> keys = {"file",  "process", "device", "engine",
                                   "input", "isolate", "limits", "gradients_from"};
  keys.insert(keys.end(), of_a_server.begin(), of_a_server.end());
  std::optional<Entry> twin;
  Server server;
  for (const auto& [name, value] : entry.entries(keys)) {
    if (name == "file") {
      model.source = read_model_file(value);
    } else if (name == "process") {
      model.source = read_command(value);
    } else if (name == "device") {
      if (const auto text = value.text()) model.load.device = *text;
    } else if (name == "engine") {
      if (const auto text = value.text()) model.load.engine = *text;
    } else if (name == "isolate") {
      read_isolate(value, model.load);
    } else if (name == "limits") {
      read_limits(value, model.load.limits);
    } else if (name == "gradients_from") {
      twin = value;
    } else if (name == "input") {
      read_input(value, model.load.input);
      check_input(value, model.load.input);
    } else {
      read_server(name, value, server);
    }
  }
  if (entry.find("url")) model.source = std::move(server);
  if (twin) read_twin(*twin, model.load.input, model.gradients_from);
  check_source(entry);
  return model;
}

std::shared_ptr<Model> ModelEntry::open() const {
  std::shared_ptr<Model> model = dflare::load(source, load);
  if (!gradients_from) return model;
  return with_gradients_from(model, dflare::load(gradients_from->path, gradients_from->load));
}

}  // namespace dflare::config
