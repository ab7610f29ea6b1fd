// Preloaded into a program under test: counts the calls by which it changes files below the folder
// FAULT_FOLDER, and from call FAULT_AT on lets them fail with the error
// FAULT_ERROR, or kills the program there (no error given). The count goes into the file
// FAULT_COUNT.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr int most_files = 4096;
std::atomic<int> calls{0};
std::array<std::atomic<bool>, most_files> watched{};

const char* setting(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? "" : text;
}

bool is_below(const char* path) {
  const std::string folder = setting("FAULT_FOLDER");
  return !folder.empty() && (path[0] != '/' || folder.compare(0, folder.size(), path,
                                                              strnlen(path, folder.size())) == 0);
}

bool is_below(int folder, const char* name) {
  if (folder == AT_FDCWD || name[0] == '/') return is_below(name);
  std::array<char, PATH_MAX> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(folder);
  return ::readlink(link.c_str(), path.data(), path.size() - 1) > 0 && is_below(path.data());
}

/// True where the call is to fail.
bool fails() {
  static const int at = std::atoi(setting("FAULT_AT"));
  static const int error = std::atoi(setting("FAULT_ERROR"));
  const int call = ++calls;
  if (at == 0 || call < at) return false;
  if (error == 0) ::kill(::getpid(), SIGKILL);
  errno = error;
  return true;
}

template <class F>
F next(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

struct AtEnd {
  ~AtEnd() {
    const char* file = setting("FAULT_COUNT");
    if (*file == '\0') return;
    const std::string text = std::to_string(calls);
    const long out = ::syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::syscall(SYS_write, out, text.data(), text.size());
  }
} at_end;

int open_below(int folder, const char* path, int flags, mode_t mode) {
  const bool writes = (flags & O_ACCMODE) != O_RDONLY && is_below(folder, path);
  if (writes && fails()) return -1;
  const int file = static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
  if (file >= 0 && file < most_files) watched[static_cast<std::size_t>(file)] = writes;
  return file;
}

mode_t mode_in(int flags, va_list& rest) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(rest, int)) : 0;
}

bool is_watched(int file) {
  return file >= 0 && file < most_files && watched[static_cast<std::size_t>(file)];
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_in(flags, rest);
  va_end(rest);
  return open_below(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_in(flags, rest);
  va_end(rest);
  return open_below(AT_FDCWD, path, flags, mode);
}

int close(int file) {
  if (file >= 0 && file < most_files) watched[static_cast<std::size_t>(file)] = false;
  return next<int (*)(int)>("close")(file);
}

ssize_t write(int file, const void* bytes, size_t count) {
  if (is_watched(file)) {
    // A full disk takes a part first.
    const bool fail = fails();
    const int error = errno;
    if (fail && count > 1) ::syscall(SYS_write, file, bytes, count / 2);
    errno = error;
    if (fail) return -1;
  }
  return next<ssize_t (*)(int, const void*, size_t)>("write")(file, bytes, count);
}

int fsync(int file) {
  std::array<char, PATH_MAX> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  if (::readlink(link.c_str(), path.data(), path.size() - 1) > 0 && is_below(path.data()) &&
      fails())
    return -1;
  return 0;  // nothing here outlives the machine
}

int mkdir(const char* path, mode_t mode) {
  if (is_below(path) && fails()) return -1;
  return next<int (*)(const char*, mode_t)>("mkdir")(path, mode);
}

int rename(const char* from, const char* to) {
  if (is_below(from) && fails()) return -1;
  return next<int (*)(const char*, const char*)>("rename")(from, to);
}

int unlink(const char* path) {
  if (is_below(path) && fails()) return -1;
  return next<int (*)(const char*)>("unlink")(path);
}

int rmdir(const char* path) {
  if (is_below(path) && fails()) return -1;
  return next<int (*)(const char*)>("rmdir")(path);
}

int unlinkat(int folder, const char* path, int flags) {
  if (is_below(folder, path) && fails()) return -1;
  return next<int (*)(int, const char*, int)>("unlinkat")(folder, path, flags);
}
}
#pragma GCC visibility pop
