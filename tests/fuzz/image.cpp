#include "dflare/image.hpp"

#include <opencv2/imgcodecs.hpp>

#include "fuzz.hpp"

// An image file of any format.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  read_image(scratch_file("picture", bytes));
}

std::vector<std::string> examples() {
  std::vector<std::string> all;
  for (const int type : {CV_8UC1, CV_8UC3, CV_8UC4, CV_16UC1}) {
    for (const char* extension : {".png", ".jpg", ".bmp", ".webp"}) {
      const bool png_only = type == CV_8UC4 || type == CV_16UC1;
      if (png_only && std::string(extension) != ".png") continue;
      std::vector<unsigned char> bytes;
      cv::imencode(extension, cv::Mat(5, 4, type, cv::Scalar(60, 90, 120, 200)), bytes);
      all.emplace_back(bytes.begin(), bytes.end());
    }
  }
  return all;
}

}  // namespace dflare::fuzz
