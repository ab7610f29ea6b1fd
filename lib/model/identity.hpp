#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dflare {

/// A file that holds a part of a model, beside its main file.
struct ModelPart {
  std::string name;  ///< by which the main file names it: "model.onnx.data", ".bin"
  std::string path;
};

/// Those of a .onnx (its external data) and a .xml (its .bin) that are there.
std::vector<ModelPart> parts_of(const std::string& path, const std::string& bytes);
/// The same, where the bytes are not at hand.
std::vector<ModelPart> parts_of(const std::string& path);
/// Throws ModelError naming the external data of a .onnx that are missing or cut off.
void require_parts(const std::string& path, const std::string& bytes);

/// The paths, for ModelInfo::files.
std::vector<std::string> paths_of(const std::vector<ModelPart>& parts);

/// What identifies all of them together: of one, its SHA-256; of several, that of the list of
/// hashes and names, sorted by name, as sha256sum prints it; of none nothing.
std::string identity_of(std::vector<std::pair<std::string, std::string>> name_and_sha256);
/// Of a file and its parts. Its own name counts for nothing. Throws Error if one cannot be read.
std::string identity_of(const std::string& bytes, const std::vector<ModelPart>& parts);

}  // namespace dflare
