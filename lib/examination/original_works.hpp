#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dflare/model.hpp"
#include "examination/sample.hpp"

namespace dflare {

/// How a model does on seed inputs.
struct Working {
  std::vector<int> labels;        ///< top_label() of each; -1 where the answer is not known
  std::size_t known = 0;          ///< of the seed inputs
  std::size_t labelled = 0;       ///< of the known ones, those whose true class is known
  std::size_t right = 0;          ///< of the labelled ones
  std::size_t classes_given = 0;  ///< different labels
};
Working working(std::vector<int> labels, const std::vector<std::optional<int>>& true_labels);

/// What may be wrong with an original that gives one class for all seed inputs, or is right on few
/// of them.
struct Suspicion {
  std::string error;    ///< what was seen and, where something is known to help, what; or empty
  bool helped = false;  ///< something is
  std::string remark;   ///< strange, but it may well be so; or empty
  std::size_t evaluations = 0;  ///< of the original fed in other ways
};
/// Where something is suspicious, tries labels that are moved by one and other_feedings().
Suspicion suspicion_of(const Model& original, const Sample& sample, const Working& now,
                       int classes);

}  // namespace dflare
