#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/criterion.hpp"

namespace dflare {

/// A condition that dflare has itself.
struct ConditionRow {
  const char* name;
  const char* example;  ///< "regret >= 0.2"
  CriterionFactory make;
};

/// In the order in which they are told of.
const std::vector<ConditionRow>& built_in_conditions();
/// An example of each: "label, regret >= 0.2".
std::string condition_examples();

/// The condition of that name, of the built-in or registered ones. Throws ConfigError with the
/// nearest name if there is none, and as the factory does.
std::shared_ptr<const Criterion> make_criterion(const std::string& name, const std::string& rest);

}  // namespace dflare
