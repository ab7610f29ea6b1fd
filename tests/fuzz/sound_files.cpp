#include "sound_files.hpp"

#include <boost/filesystem.hpp>

#include "dflare/image.hpp"
#include "fuzz.hpp"

namespace dflare::fuzz {

void make_sound_files() {
  using namespace std::string_literals;
  static const bool made = [] {
    int number = 0;
    for (const char* name : {"training", "unseen", "classes/cat", "classes/dog"}) {
      const std::string folder = scratch_folder() + "/" + name;
      boost::filesystem::create_directories(folder);
      write_png(folder + "/1.png", Image(8, 8, CV_8UC1, cv::Scalar(++number)));
    }
    scratch_file("original.pt", "not loaded");
    scratch_file("compressed.pt", "not loaded either");
    scratch_file("images-idx3-ubyte", "\0\0\x08\x03\0\0\0\x01\0\0\0\x01\0\0\0\x01p"s);
    scratch_file("labels-idx1-ubyte", "\0\0\x08\x01\0\0\0\x01\x03"s);
    return true;
  }();
  static_cast<void>(made);
}

}  // namespace dflare::fuzz
