#include "dflare/random.hpp"

namespace dflare {
namespace {

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3u;
  }
  return hash;
}

constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15u;

/// One step of splitmix64: neighbouring values become unrelated ones.
std::uint64_t mix(std::uint64_t value) {
  value += golden_ratio;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

}  // namespace

Xoshiro256::Xoshiro256(std::uint64_t key) {
  for (std::uint64_t& word : state_) {
    word = mix(key);
    key += golden_ratio;
  }
}

std::uint64_t stream_key(std::uint64_t rng_seed, std::string_view name) {
  return mix(mix(rng_seed) ^ fnv1a(name));
}

}  // namespace dflare
