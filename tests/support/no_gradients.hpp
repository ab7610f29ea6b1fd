#pragma once

#include <stdexcept>

#include "dflare/strategy.hpp"

namespace dflare::test {

/// For chains that must not ask for any.
class NoGradients : public Gradients {
 public:
  cv::Mat original(const Image&, int, int) override { throw std::logic_error("no gradients"); }
  cv::Mat compressed(const Image&, int, int) override { throw std::logic_error("no gradients"); }
};

}  // namespace dflare::test
