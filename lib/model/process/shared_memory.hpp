#pragma once

#include <cstddef>

#include "support/descriptor.hpp"

namespace dflare {

/// Memory without a name that another process may map through the descriptor. Never shrinks, so
/// that neither side can pull it away under the other.
class SharedMemory {
 public:
  /// New and empty. Throws ModelError where the system has none to give.
  SharedMemory();
  /// Another process's, as it is now.
  explicit SharedMemory(Descriptor memory);
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();

  int descriptor() const { return descriptor_.number(); }
  std::size_t bytes() const { return bytes_; }  ///< how much of it is mapped
  char* at(std::size_t offset) const { return static_cast<char*>(data_) + offset; }

  /// Makes it at least as large; what was at() may move.
  void grow(std::size_t bytes);
  /// Maps as much of another process's memory. Throws ModelError where it is not as large.
  void map(std::size_t bytes);

 private:
  Descriptor descriptor_;
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace dflare
