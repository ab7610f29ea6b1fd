#include "model/torchscript/file.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>

#include "model/exported_program.hpp"

namespace dflare {
namespace {

constexpr const char* how_to_export =
    "export the model in Python with torch.jit.script(model.eval()).save(path) or "
    "torch.jit.trace(model.eval(), example).save(path)";

bool contains(const std::string& bytes, const char* part) {
  return bytes.find(part) != std::string::npos;
}

}  // namespace

std::string why_no_torchscript(const std::string& bytes) {
  using boost::starts_with;
  const std::string checkpoint = fmt::format(
      "this is a checkpoint of torch.save (weights or a pickled module), which holds no "
      "TorchScript "
      "program; load it in Python and {}",
      how_to_export);
  if (bytes.empty()) {
    return fmt::format("the file is empty; copy it again or {}", how_to_export);
  }
  if (starts_with(bytes, "\x80\x02")) {  // a bare pickle: torch.save before version 1.6
    return checkpoint;
  }
  if (contains(bytes.substr(0, 1 << 16), "\"data_offsets\"")) {
    return fmt::format("this is a safetensors file, which holds weights and no program; {}",
                       how_to_export);
  }
  if (!starts_with(bytes, "PK\x03\x04")) {
    return fmt::format("this is no TorchScript file (those are zip archives); {}", how_to_export);
  }
  if (!contains(bytes, "PK\x05\x06")) {  // the end of a zip archive's directory
    return fmt::format(
        "the file is truncated: it begins as a zip archive, but the archive's directory, its last "
        "part, is missing after {} bytes; copy it again or {}",
        bytes.size(), how_to_export);
  }
  const auto has = [&](const char* part) { return contains(bytes, part); };
  if (has("/archive_format") || has("serialized_exported_program.json") ||
      has("/models/model.json")) {
    return fmt::format("this is {}", exported_program);
  }
  if (!contains(bytes, "/constants.pkl")) {
    return contains(bytes, "/data.pkl")
               ? checkpoint
               : fmt::format("this is a zip archive without a TorchScript program; {}",
                             how_to_export);
  }
  return "";
}

}  // namespace dflare
