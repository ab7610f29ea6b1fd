#pragma once

#include <string>

#include "search/strategies/boundary/path.hpp"

namespace dflare {

/// Straight from the seed image (t = 0) through another one (t = 1).
class LinePath : public Path {
 public:
  /// `end` is CV_32F, in grey levels. `kind` is what the history says.
  LinePath(const Image& seed, const cv::Mat& end, std::string kind, std::uint32_t key);

  Image at(double t) const override;
  void dither(std::uint32_t key) override { key_ = key; }
  std::vector<AppliedOperator> history(double t) const override;

 private:
  cv::Mat seed_, step_;  // CV_32F
  std::string kind_;
  std::uint32_t key_;
};

}  // namespace dflare
