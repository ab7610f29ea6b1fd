#include "dflare/finding.hpp"
#include "finding/run_json.hpp"
#include "found.hpp"
#include "fuzz.hpp"
#include "support/files.hpp"

// A run.json: where the models of a replay are from.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  read_sources(scratch_file("run.json", bytes));
}

std::vector<std::string> examples() {
  const std::string in_memory = read_file(found_run() + "/run.json");
  const auto of_models = [&](const ModelInfo& original, const ModelInfo& compressed) {
    auto run = nlohmann::ordered_json::parse(in_memory);
    run["models"]["original"] = source_json(original);
    run["models"]["compressed"] = source_json(compressed);
    return document_text(run);
  };
  ModelInfo file, process, server;
  file.path = "/models/a.pt";
  file.isolated = true;
  process.process.words = {"python3", "model.py", "--key=${KEY}"};
  process.process.folder = "/models";
  process.sandboxed = true;
  server.server.url = "http://localhost:8000";
  server.server.model = "m";
  server.server.token_from = "TOKEN";
  return {in_memory, of_models(file, process), of_models(server, file)};
}

}  // namespace dflare::fuzz
