#pragma once

#include <string>
#include <vector>

#include "dflare/seeds.hpp"

namespace dflare::test {

inline std::vector<std::string> ids_of(const SeedSet& seeds) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < seeds.size(); ++i) ids.push_back(seeds.id(i));
  return ids;
}

}  // namespace dflare::test
