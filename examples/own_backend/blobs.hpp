#pragma once

#include <cmath>
#include <dflare/seeds.hpp>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

// Something to classify: grey images of a bright blob, whose classes are the places that it is at.
// The examples use it where your tests have models and images of their own.
namespace blobs {

constexpr int side = 28;

/// A blob around that pixel.
inline cv::Mat blob(double x, double y) {
  cv::Mat image(side, side, CV_8UC1);
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      const double distance = std::hypot(column - x, row - y);
      image.at<unsigned char>(row, column) =
          cv::saturate_cast<unsigned char>(220 * std::exp(-distance * distance / 50));
    }
  }
  return image;
}

/// One picture a class, its values rounded to `levels` grey levels. Few levels make a 'compressed'
/// classifier.
inline std::vector<cv::Mat> classes(int levels = 256) {
  std::vector<cv::Mat> pictures;
  const double step = 255.0 / (levels - 1);
  for (const auto& centre : {cv::Point(8, 8), cv::Point(20, 8), cv::Point(14, 20)}) {
    cv::Mat picture = blob(centre.x, centre.y);
    picture.forEach<unsigned char>([step](unsigned char& value, const int*) {
      value = cv::saturate_cast<unsigned char>(std::round(value / step) * step);
    });
    pictures.push_back(picture);
  }
  return pictures;
}

/// Blobs near the place of their class.
inline dflare::SeedSet seeds() {
  std::vector<cv::Mat> images;
  std::vector<int> labels;
  for (const double shift : {-2.0, -1.0, 0.0, 1.0}) {
    images.push_back(blob(8 + shift, 8));
    images.push_back(blob(20 + shift, 8 + shift));
    images.push_back(blob(14, 20 + shift));
    for (const int label : {0, 1, 2}) labels.push_back(label);
  }
  return dflare::SeedSet::images(images, labels);
}

}  // namespace blobs
