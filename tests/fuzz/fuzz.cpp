#include "fuzz.hpp"

#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "dflare/error.hpp"
#include "support/files.hpp"

namespace dflare::fuzz {
namespace {

namespace fs = boost::filesystem;

constexpr const char* border = "\n--- next part ---\n";

/// libFuzzer gets its first inputs from a folder.
void write_examples(const std::string& folder) {
  fs::create_directories(folder);
  int number = 0;
  for (const std::string& example : examples()) {
    const std::string name = "example_" + std::to_string(++number);
    try {
      read(example);
    } catch (const std::exception& error) {
      throw std::runtime_error(name + " is not taken: " + error.what());
    }
    write_atomically((fs::path(folder) / name).string(), example);
  }
}

}  // namespace

std::string joined(const std::vector<std::string>& parts) {
  std::string bytes;
  for (const std::string& part : parts) bytes += bytes.empty() ? part : border + part;
  return bytes;
}

std::vector<std::string> parted(const std::string& bytes, std::size_t count) {
  const std::string between = border;
  std::vector<std::string> parts(count);
  std::size_t begin = 0;
  for (std::string& part : parts) {
    const std::size_t end = bytes.find(between, begin);
    part = bytes.substr(begin, end == std::string::npos ? end : end - begin);
    if (end == std::string::npos) break;
    begin = end + between.size();
  }
  return parts;
}

const std::string& scratch_folder() {
  static const std::string folder = [] {
    const fs::path path = fs::temp_directory_path() / ("fuzz-" + std::to_string(getpid()));
    fs::create_directories(path);
    return path.string();
  }();
  return folder;
}

std::string scratch_file(const std::string& name, const std::string& bytes) {
  const std::string path = scratch_folder() + "/" + name;
  fs::save_string_file(path, bytes);
  return path;
}

}  // namespace dflare::fuzz

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  if (*count != 3 || std::string((*arguments)[1]) != "--write-examples") return 0;
  try {
    dflare::fuzz::write_examples((*arguments)[2]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    std::exit(1);
  }
  std::exit(0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    dflare::fuzz::read({reinterpret_cast<const char*>(data), size});
  } catch (const dflare::Error&) {
  }
  return 0;
}
