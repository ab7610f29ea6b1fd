#pragma once

#include "mutation/extents.hpp"
#include "search/strategies/boundary/path.hpp"

namespace dflare {

/// A transformation growing from nothing (t = 0) to all of its shares (t = 1).
class TransformPath : public Path {
 public:
  TransformPath(const Image& seed, const Extents& extents, const Shares& shares, std::uint32_t key)
      : seed_(seed), extents_(extents), shares_(shares), key_(key) {}

  Image at(double t) const override { return at_strength(t).apply(seed_); }
  void dither(std::uint32_t key) override { key_ = key; }
  std::vector<AppliedOperator> history(double) const override { return {}; }
  std::optional<Transformation> transformation(double t) const override { return at_strength(t); }

 private:
  Transformation at_strength(double t) const;

  Image seed_;
  Extents extents_;
  Shares shares_;
  std::uint32_t key_;
};

}  // namespace dflare
