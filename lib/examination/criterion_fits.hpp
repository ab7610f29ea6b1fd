#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dflare/criterion.hpp"
#include "dflare/deviation.hpp"

namespace dflare {

/// What both models say of an image, and its true class where it is known.
struct Judged {
  Answer answer;
  std::optional<int> truth;
};

/// Throws ConfigError where no compressed model could meet the criterion on any of the images,
/// whatever it says.
void require_breakable(const Criteria& criterion, const std::vector<Judged>& images);

/// In words, where the criterion overlooks changes, empty where it does not or where there are too
/// few seed inputs to say it: a compressed model could say the original's second choice on most of
/// them (of `sigmoids`: on a third) without meeting it; or this one says something else on nearly
/// all of them, and meets it on less than half of these.
std::string what_is_overlooked(const Criteria& criterion, const std::vector<Judged>& seeds,
                               bool sigmoids);

}  // namespace dflare
