#pragma once

#include <map>
#include <memory>
#include <string>

#include "dflare/criterion.hpp"

namespace dflare {

/// The factories of the conditions that dflare has itself.
std::map<std::string, CriterionFactory> built_in_criteria();

/// The condition of that name, of the built-in or registered ones. Throws ConfigError with the
/// nearest name if there is none, and as the factory does.
std::shared_ptr<const Criterion> make_criterion(const std::string& name, const std::string& rest);

}  // namespace dflare
