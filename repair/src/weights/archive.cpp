#include "weights/archive.hpp"

#include <caffe2/serialize/inline_container.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace dflare::repair {
namespace {

bool is_debug_information(const std::string& record) {
  const std::string end = ".debug_pkl";
  return record.size() >= end.size() &&
         record.compare(record.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

bool has_debug_information(const std::string& bytes) {
  std::istringstream stream(bytes);
  caffe2::serialize::PyTorchStreamReader reader(&stream);
  const std::vector<std::string> records = reader.getAllRecords();
  return std::any_of(records.begin(), records.end(), is_debug_information);
}

std::string without_debug_information(const std::string& bytes) {
  std::istringstream stream(bytes);
  caffe2::serialize::PyTorchStreamReader reader(&stream);
  std::string result;
  caffe2::serialize::PyTorchStreamWriter writer([&result](const void* part, std::size_t size) {
    result.append(static_cast<const char*>(part), size);
    return size;
  });
  for (const std::string& record : reader.getAllRecords()) {
    if (is_debug_information(record) || record == "version" || record == ".data/version") continue;
    const auto [data, size] = reader.getRecord(record);
    writer.writeRecord(record, data.get(), size);
  }
  writer.setMinVersion(reader.version());
  writer.writeEndOfFile();
  return result;
}

}  // namespace dflare::repair
