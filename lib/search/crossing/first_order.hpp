#pragma once

#include <opencv2/core/mat.hpp>

namespace dflare {

/// -1, 0 or 1 for each value of a CV_32F matrix.
cv::Mat sign_of(const cv::Mat& values);

/// The smallest step down the sign of the gradient, in grey levels, after which a value that is
/// `value` at the image comes to 0, to first order, pixels being clamped to 0..255; 255 where none
/// does. All matrices are CV_32F.
double first_order_l_inf(const cv::Mat& image, const cv::Mat& gradient, double value);

}  // namespace dflare
