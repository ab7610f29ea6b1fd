#include "support/files.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <string_view>

#include "dflare/error.hpp"
#include "support/hash.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;
using boost::system::error_code;

constexpr std::size_t longest_name = 150;
constexpr std::size_t hash_digits = 32;

std::string last_reason() {
  return error_code(errno, boost::system::generic_category()).message();
}

[[noreturn]] void fail_to_write(const fs::path& path, const std::string& reason) {
  throw Error(
      fmt::format("cannot write '{}': {}; give a folder that exists, may be written and has room",
                  path.string(), reason));
}

/// `named`: the file to speak of where this one cannot be written.
void write_as(const fs::path& named, const fs::path& file, const std::string& content) {
  errno = 0;
  fs::ofstream out(file, std::ios::binary | std::ios::trunc);
  if (out) out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) {
    const std::string reason = last_reason();
    error_code ignored;
    fs::remove(file, ignored);
    fail_to_write(named, reason);
  }
}

bool stays(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

}  // namespace

void write_file(const std::string& path, const std::string& content) {
  write_as(path, path, content);
}

void write_atomically(const std::string& path, const std::string& content) {
  const fs::path target(path);
  const fs::path beside = target.parent_path() / fs::unique_path(".dflare-%%%%-%%%%-%%%%-%%%%.tmp");
  write_as(target, beside, content);
  error_code failed;
  fs::rename(beside, target, failed);
  if (failed) {
    error_code ignored;
    fs::remove(beside, ignored);
    fail_to_write(target, failed.message());
  }
}

std::string read_file(const std::string& path) {
  error_code ignored;
  if (fs::is_directory(path, ignored)) {
    throw Error(fmt::format("cannot read '{}': it is a folder, expected a file", path));
  }
  errno = 0;
  fs::ifstream in(path, std::ios::binary);
  std::string content;
  std::array<char, 1 << 16> part;
  while (in.read(part.data(), part.size()) || in.gcount() > 0) {
    content.append(part.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad()) {
    throw Error(fmt::format("cannot read '{}': {}; check the path and its permissions", path,
                            last_reason()));
  }
  return content;
}

std::string read_seed_file(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    throw SeedError(error.what());
  }
}

std::string safe_name(const std::string& id) {
  // No other id becomes a lone '%', or a '%' followed by '-': the special cases stay unique.
  if (id.empty()) return "%";
  std::string name;
  for (const char c : id) {
    const bool hides = c == '.' && name.empty();
    if (stays(c) && !hides) {
      name += c;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (name.size() <= longest_name) return name;
  constexpr std::string_view mark = "%-";
  return name.substr(0, longest_name - mark.size() - hash_digits) + std::string(mark) +
         sha256_of(id).substr(0, hash_digits);
}

}  // namespace dflare
