#pragma once

#include <memory>
#include <openvino/core/model.hpp>
#include <string>
#include <vector>

namespace dflare {

/// A file that OpenVINO reads, whole in memory.
struct OpenVinoFile {
  std::shared_ptr<ov::Model> model;  ///< one input and one output
  std::string sha256;                ///< of the file and of those that follow
  std::vector<std::string> files;    ///< further ones that hold parts of it
};

/// Throws ModelError, without the file's name, if it cannot be read or is no model of one input
/// and one output.
OpenVinoFile read_openvino_file(const std::string& path);

/// The sentence of an OpenVINO exception that says what is wrong, without source lines and frames.
std::string openvino_message(const std::exception& failure);

}  // namespace dflare
