#include "support/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <cstdio>
#include <optional>

#include "dflare/error.hpp"
#include "support/broken_pipe.hpp"
#include "support/descriptor.hpp"
#include "support/files.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

[[noreturn]] void fail_to_write(const std::string& path, const std::string& reason) {
  throw Error(
      fmt::format("cannot write '{}': {}; give a folder that exists, may be written and has room",
                  path, reason));
}

/// The program's standard output or error, where that is the file.
std::optional<int> own_output(const struct stat& status) {
  for (const int own : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat of_own = {};
    if (::fstat(own, &of_own) == 0 && of_own.st_dev == status.st_dev &&
        of_own.st_ino == status.st_ino)
      return own;
  }
  return std::nullopt;
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a block device";
}

/// The file that links lead to, be it there or not.
fs::path without_links(const std::string& given) {
  constexpr int most_links = 40;  // as Linux
  fs::path path = given;
  boost::system::error_code ignored;
  for (int i = 0; fs::is_symlink(fs::symlink_status(path, ignored)); ++i) {
    if (i == most_links) fail_to_write(given, "its symbolic links lead nowhere");
    path = fs::absolute(fs::read_symlink(path), fs::absolute(path).parent_path());
  }
  return path;
}

void write_all(int file, const std::string& content, const std::string& named) {
  for (std::size_t at = 0; at < content.size();) {
    const ssize_t written = ::write(file, content.data() + at, content.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_to_write(named, last_reason());
    at += static_cast<std::size_t>(written);
  }
}

void sync(int file, const std::string& named) {
  // Some file systems sync neither folders nor files.
  if (::fsync(file) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
    fail_to_write(named, last_reason());
}

void write_stream(const std::string& path, const std::string& content) {
  struct stat status = {};
  std::fflush(stdout);
  const NoBrokenPipeSignal no_signal;
  if (::stat(path.c_str(), &status) == 0) {
    if (const auto own = own_output(status)) return write_all(*own, content, path);
  }
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
  if (file.number() < 0) fail_to_write(path, last_reason());
  write_all(file.number(), content, path);
}

/// `named`: the file to speak of.
void write_new(const std::string& path, const std::string& content, bool synced,
               const std::string& named) {
  constexpr mode_t as_umask_says = 0666;
  const Descriptor file(::open(path.c_str(),
                               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                               as_umask_says));
  if (file.number() < 0) fail_to_write(named, last_reason());
  try {
    write_all(file.number(), content, named);
    if (synced) sync(file.number(), named);
  } catch (const Error&) {
    ::unlink(path.c_str());
    throw;
  }
}

}  // namespace

OutputPlace output_place(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISCHR(status.st_mode) || (!S_ISDIR(status.st_mode) && own_output(status)))
      return {path, true};
    if (!S_ISREG(status.st_mode))
      fail_to_write(path, fmt::format("it is {}, expected a file", kind_of(status.st_mode)));
  }
  const std::string file = without_links(path).string();
  const std::string unknown = why_unknown(file);
  if (!unknown.empty()) fail_to_write(path, unknown);
  return {file, false};
}

void write_file(const std::string& path, const std::string& content) {
  write_new(path, content, false, path);
}

void write_atomically(const std::string& path, const std::string& content) {
  PendingFile(path, content).commit();
}

PendingFile::PendingFile(const std::string& path, const std::string& content)
    : given_(path), place_(output_place(path)) {
  if (place_.is_stream) {
    stream_content_ = content;
    return;
  }
  const fs::path folder = fs::path(place_.path).parent_path();
  beside_ = (folder / fs::unique_path(".dflare-%%%%-%%%%-%%%%-%%%%.tmp")).string();
  write_new(beside_, content, true, given_);
}

PendingFile::~PendingFile() {
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

void PendingFile::commit() {
  if (place_.is_stream) return write_stream(place_.path, stream_content_);
  if (::rename(beside_.c_str(), place_.path.c_str()) != 0) fail_to_write(given_, last_reason());
  beside_.clear();
  const fs::path folder = fs::path(place_.path).parent_path();
  sync_to_disk(folder.empty() ? "." : folder.string());
}

void sync_to_disk(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  // A folder that may be written to and not be listed cannot be synced.
  if (file.number() < 0 && errno == EACCES) return;
  if (file.number() < 0) fail_to_write(path, last_reason());
  sync(file.number(), path);
}

}  // namespace dflare
