#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/map_reader.hpp"
#include "dflare/seeds.hpp"

namespace dflare::config {

/// What the key `seeds` says.
struct SeedsSpec {
  enum class Kind { none, any, folder, idx, cifar10 };
  Kind kind = Kind::none;
  std::vector<std::string> paths;
  std::string labels;
  bool classes = false, empty_classes = false;
  ColorMode color = ColorMode::as_file;
  std::optional<std::size_t> skip, take, sample;
  std::uint64_t sample_seed = 1;
};
/// Sets what the entry gives, and leaves the rest as it is; another source replaces all of the
/// former one.
void read_seeds(const Entry& entry, SeedsSpec& spec);

/// Opens seed sets, each source once.
class SeedSets {
 public:
  /// Throws SeedError; ConfigError if no seed input is left.
  SeedSet open(const SeedsSpec& spec);

 private:
  std::map<std::string, SeedSet> sources_;
};

}  // namespace dflare::config
