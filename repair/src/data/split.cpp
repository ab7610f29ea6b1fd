#include "data/split.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "dflare/random.hpp"

namespace dflare::repair {

Split split_of(const std::vector<Seed>& seeds, const Training& training) {
  const std::size_t all = seeds.size();
  const auto share = static_cast<std::size_t>(training.validation * static_cast<double>(all) + 0.5);
  const std::size_t count = std::min(std::max<std::size_t>(1, share), all - 1);
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < all; ++i)
    order.emplace_back(stream_key(training.rng_seed, "split " + seeds[i].id), i);
  std::sort(order.begin(), order.end());
  Split split;
  split.validates.assign(all, false);
  for (std::size_t i = 0; i < count; ++i) split.validates[order[i].second] = true;
  for (std::size_t i = 0; i < all; ++i)
    (split.validates[i] ? split.validation : split.training)
        .push_back({seeds[i].image, seeds[i].label});
  return split;
}

}  // namespace dflare::repair
