#include "finding/source_json.hpp"

#include <boost/filesystem/operations.hpp>

namespace dflare {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const ProcessLimits& limits) {
  return {{"start_seconds", limits.start_seconds},
          {"answer_seconds", limits.answer_seconds},
          {"memory_mib", limits.memory_mib}};
}

ordered_json to_json(const Server& server) {
  return {{"url", server.url},
          {"model", server.model},
          {"version", server.version},
          {"token_from", server.token_from},
          {"connect_seconds", server.connect_seconds},
          {"answer_seconds", server.answer_seconds},
          {"back_off_seconds", server.back_off_seconds},
          {"retries", server.retries}};
}

Server server_at(const Document& document, const std::string& at) {
  Server server;
  server.url = document.get<std::string>(at + "/url");
  server.model = document.get<std::string>(at + "/model");
  server.version = document.get<std::string>(at + "/version");
  server.token_from = document.get<std::string>(at + "/token_from");
  server.connect_seconds = document.get<double>(at + "/connect_seconds");
  server.answer_seconds = document.get<double>(at + "/answer_seconds");
  server.back_off_seconds = document.get<double>(at + "/back_off_seconds");
  server.retries = document.get<int>(at + "/retries");
  return server;
}

Command command_at(const Document& document, const std::string& at) {
  return {document.get<std::vector<std::string>>(at + "/process"),
          document.get<std::string>(at + "/folder")};
}

ModelSource source_at(const Document& document, const std::string& at) {
  std::vector<ModelSource> given;
  const auto add = [&given](ModelSource source) {
    if (source.given()) given.push_back(std::move(source));
  };
  add(ModelFile{document.get<std::string>(at + "/path")});
  if (document.has(at + "/process")) add(command_at(document, at));
  if (document.has(at + "/server")) add(server_at(document, at + "/server"));
  if (given.size() > 1)
    document.damaged(at, "names several of a file, a command and a server; expected one of them");
  return given.empty() ? ModelSource() : given.front();
}

constexpr const char* sandboxed = "sandboxed";

void read_isolated(const Document& document, const std::string& at, RecordedSource& recorded) {
  recorded.sandbox = document.get<nlohmann::json>(at) == sandboxed;
  if (!recorded.sandbox) recorded.isolate = document.get<bool>(at);
}

std::string absolute_or_empty(const std::string& path) {
  namespace fs = boost::filesystem;
  return path.empty() ? "" : fs::absolute(path).lexically_normal().string();
}

}  // namespace

ordered_json source_json(const ModelInfo& info) {
  ordered_json json;
  json["path"] = absolute_or_empty(info.path);
  if (!info.process.words.empty()) {
    json["process"] = info.process.shown();
    json["folder"] = boost::filesystem::absolute(info.process.folder).lexically_normal().string();
  }
  if (!info.server.url.empty()) json["server"] = to_json(info.server);
  // Not a key of its own, which an older dflare would overlook.
  if (info.sandboxed)
    json["isolated"] = sandboxed;
  else if (info.isolated)
    json["isolated"] = true;
  if (info.isolated || !info.process.words.empty()) json["limits"] = to_json(info.limits);
  return json;
}

RecordedSource recorded_source(const Document& document, const std::string& pointer) {
  RecordedSource recorded;
  recorded.source = source_at(document, pointer);
  if (document.has(pointer + "/isolated")) read_isolated(document, pointer + "/isolated", recorded);
  if (document.has(pointer + "/limits")) {
    const std::string at = pointer + "/limits";
    recorded.limits = {document.get<double>(at + "/start_seconds"),
                       document.get<double>(at + "/answer_seconds"),
                       document.get<int>(at + "/memory_mib")};
  }
  return recorded;
}

}  // namespace dflare
