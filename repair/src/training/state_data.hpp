#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/images.hpp"
#include "training/model_weights.hpp"
#include "training/state_fields.hpp"

namespace dflare::repair {

/// Puts tensors and images behind each other, and says in JSON of what types and sizes they are.
class StateDataWriter {
 public:
  nlohmann::json add(const Tensors& tensors);
  nlohmann::json add(const std::vector<TrainingFinding>& findings);
  const std::string& bytes() const { return bytes_; }

 private:
  void add(const void* data, std::size_t size);

  std::string bytes_;
};

/// Takes them off again, in the order in which they were added. Sizes are compared with what there
/// is before anything is made of them. Throws StateError.
class StateDataReader {
 public:
  explicit StateDataReader(std::string_view bytes) : left_(bytes) {}

  Tensors tensors(const StateField& list);
  std::vector<TrainingFinding> findings(const StateField& list);
  /// Throws where something is left.
  void end() const;

 private:
  const char* take(const std::vector<std::int64_t>& sizes, std::size_t bytes,
                   const StateField& field);

  std::string_view left_;
};

}  // namespace dflare::repair
