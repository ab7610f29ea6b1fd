#include "support/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "dflare/error.hpp"
#include "support/descriptor.hpp"
#include "support/hash.hpp"
#include "support/percent_encoded.hpp"

namespace dflare {
namespace {

constexpr std::size_t longest_name = 150;
constexpr std::size_t hash_digits = 32;

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(fmt::format("cannot read '{}': {}", path, what));
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

void require_regular(const std::string& path, const struct stat& status) {
  if (S_ISREG(status.st_mode)) return;
  refuse(path, fmt::format("it is {}, expected a file", kind_of(status.st_mode)));
}

[[noreturn]] void fail_to_read(const std::string& path) {
  throw Error(
      fmt::format("cannot read '{}': {}; check the path and its permissions", path, last_reason()));
}

/// A regular file, open. Others are refused before they are opened, which has side effects.
class RegularFile {
 public:
  explicit RegularFile(const std::string& path) : path_(path), file_(opened(path)) {
    struct stat status = {};
    if (::fstat(file_.number(), &status) != 0) fail_to_read(path);
    require_regular(path, status);
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  std::uint64_t size() const { return size_; }

  /// To its end of when it was opened: one that grows all the time has no other.
  void read(const std::function<void(const char* bytes, std::size_t count)>& take) const {
    std::array<char, 1 << 16> part;
    for (std::uint64_t left = size_; left > 0;) {
      const std::size_t most = static_cast<std::size_t>(std::min<std::uint64_t>(left, part.size()));
      const ssize_t count = ::read(file_.number(), part.data(), most);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail_to_read(path_);
      if (count == 0) return;
      take(part.data(), static_cast<std::size_t>(count));
      left -= static_cast<std::uint64_t>(count);
    }
  }

 private:
  static int opened(const std::string& path) {
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0) fail_to_read(path);
    require_regular(path, status);
    const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0) fail_to_read(path);
    return file;
  }

  std::string path_;
  Descriptor file_;
  std::uint64_t size_ = 0;
};

std::string read_at_most(const std::string& path, std::uint64_t most, const char* why) {
  const RegularFile file(path);
  if (file.size() > most)
    refuse(path, fmt::format("it has {} bytes, expected at most {} ({})", file.size(), most, why));
  std::string content;
  content.reserve(static_cast<std::size_t>(file.size()));
  file.read([&](const char* bytes, std::size_t count) { content.append(bytes, count); });
  return content;
}

}  // namespace

std::uint64_t memory_of_machine() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGE_SIZE));
}

void read_in_parts(const std::string& path,
                   const std::function<void(const char* bytes, std::size_t count)>& take) {
  RegularFile(path).read(take);
}

std::string read_file(const std::string& path) {
  return read_at_most(path, memory_of_machine(), "this machine's memory");
}

std::string read_text_file(const std::string& path) {
  constexpr std::uint64_t longest_text = 64 << 20;
  return read_at_most(path, longest_text, "no text of dflare's is longer: check the path");
}

std::string read_seed_file(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    throw SeedError(error.what());
  }
}

std::string why_unknown(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0 || errno == ENOENT || errno == ENOTDIR) return "";
  return std::generic_category().message(errno);
}

std::string safe_name(const std::string& id) {
  // No other id becomes a lone '%', or a '%' followed by '-': the special cases stay unique.
  if (id.empty()) return "%";
  std::string name = percent_encoded(id, ".-_");
  if (name[0] == '.') name.replace(0, 1, "%2E");  // hides nothing
  if (name.size() <= longest_name) return name;
  constexpr std::string_view mark = "%-";
  return name.substr(0, longest_name - mark.size() - hash_digits) + std::string(mark) +
         sha256_of(id).substr(0, hash_digits);
}

}  // namespace dflare
