#include "dflare/distances.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/core/ocl.hpp>
#include <opencv2/quality/qualityssim.hpp>

#include "dflare/error.hpp"

namespace dflare {
namespace {

// The quality module computes on a GPU where OpenCL offers one, and there with other last digits;
// findings must not depend on that.
class WithoutOpenCl {
 public:
  WithoutOpenCl() : used_(cv::ocl::useOpenCL()) { cv::ocl::setUseOpenCL(false); }
  ~WithoutOpenCl() { cv::ocl::setUseOpenCL(used_); }
  WithoutOpenCl(const WithoutOpenCl&) = delete;
  WithoutOpenCl& operator=(const WithoutOpenCl&) = delete;

 private:
  bool used_;
};

double structural_similarity(const Image& seed, const Image& mutant) {
  const WithoutOpenCl here;
  const cv::Scalar channels = cv::quality::QualitySSIM::compute(seed, mutant, cv::noArray());
  const double sum = seed.channels() == 3 ? channels[0] + channels[1] + channels[2] : channels[0];
  return std::min(1.0, sum / seed.channels());
}

}  // namespace

Distances distances(const Image& seed, const Image& mutant) {
  if (seed.empty() || seed.size() != mutant.size() || seed.type() != mutant.type() ||
      seed.depth() != CV_8U)
    throw ConfigError(
        fmt::format("distances are defined between two 8-bit images of one shape, not between one "
                    "of {} ({}) and one of {} ({})",
                    shape_text(seed), cv::typeToString(seed.type()), shape_text(mutant),
                    cv::typeToString(mutant.type())));
  if (same_pixels(seed, mutant)) return {};
  return {cv::norm(seed, mutant, cv::NORM_L2), cv::norm(seed, mutant, cv::NORM_INF),
          structural_similarity(seed, mutant)};
}

}  // namespace dflare
