#include "dflare/seeds.hpp"
#include "fuzz.hpp"

// Two CIFAR-10 files.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  const std::vector<std::string> files = parted(bytes, 2);
  const std::string first = scratch_file("first", files[0]);
  const std::string second = scratch_file("second", files[1]);
  const SeedSet seeds = SeedSet::cifar10({first, second}, ColorMode::grey);
  for (std::size_t i = 0; i < seeds.size(); i += 1 + seeds.size() / 4) {
    seeds.load(i);
    seeds.label(i);
    seeds.id(i);
  }
  SeedSet::open(first).load(0);
}

std::vector<std::string> examples() {
  constexpr std::size_t record = 1 + 3 * 32 * 32;
  std::string one(record, '\x40'), two(2 * record, '\x80');
  one[0] = 3;
  two[0] = two[record] = 9;
  return {joined({one, two}), joined({two, one})};
}

}  // namespace dflare::fuzz
