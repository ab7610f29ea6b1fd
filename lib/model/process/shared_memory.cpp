#include "model/process/shared_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "dflare/error.hpp"

namespace dflare {
namespace {

[[noreturn]] void fail(const char* what, std::size_t bytes) {
  throw ModelError(fmt::format("cannot {} {} bytes of memory to share with another process: {}",
                               what, bytes, std::strerror(errno)));
}

}  // namespace

SharedMemory::SharedMemory()
    : descriptor_(::memfd_create("dflare", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
  if (descriptor() < 0 || ::fcntl(descriptor(), F_ADD_SEALS, F_SEAL_SHRINK) != 0) fail("make", 0);
}

SharedMemory::SharedMemory(Descriptor memory) : descriptor_(std::move(memory)) {}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

void SharedMemory::grow(std::size_t bytes) {
  if (bytes <= bytes_) return;
  const std::size_t roomy = std::max(bytes, bytes_ + bytes_ / 2);
  if (::ftruncate(descriptor(), static_cast<off_t>(roomy)) != 0) fail("make", roomy);
  map(roomy);
}

void SharedMemory::map(std::size_t bytes) {
  struct stat status {};
  if (::fstat(descriptor(), &status) != 0) fail("map", bytes);
  if (static_cast<std::size_t>(status.st_size) < bytes) {
    throw ModelError(fmt::format("the memory to share is {} bytes, expected at least {}",
                                 status.st_size, bytes));
  }
  void* mapped =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor(), /*offset=*/0);
  if (mapped == MAP_FAILED) fail("map", bytes);
  if (data_ != nullptr) ::munmap(data_, bytes_);
  data_ = mapped;
  bytes_ = bytes;
}

}  // namespace dflare
