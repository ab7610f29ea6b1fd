#include "model/process/sandbox.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>

#include "dflare/error.hpp"
#include "model/process/child.hpp"
#include "model/process/program_path.hpp"

namespace dflare {
namespace {

constexpr const char* program = "bwrap";
constexpr double seconds_to_try = 60;

constexpr const char* instead =
    "or set isolate: true, under which a model can write files and use the network";

/// The program in the PATH that wraps others, with what it keeps them from.
std::vector<std::string> wrapper() {
  const std::string path = in_path(program);
  if (path.empty()) {
    throw ModelError(fmt::format(
        "isolate: sandboxed wants bubblewrap's program '{}', which is not in the PATH; install it "
        "(Debian: apt-get install bubblewrap), {}",
        program, instead));
  }
  // Root, too, loses what would let it mount again. There is no --die-with-parent, for that is the
  // end of the thread that started it; a Guard does better. No terminal: one can be typed into.
  std::vector<std::string> words = {
      path,    "--unshare-all", "--cap-drop", "ALL",       "--ro-bind", "/",      "/",
      "--dev", "/dev",          "--ro-bind",  "/dev/null", "/dev/tty",  "--proc", "/proc"};
  // The sockets of services lie there, and a read-only file system does not keep one from them.
  if (boost::filesystem::is_directory("/run"))
    words.insert(words.end(), {"--tmpfs", "/run", "--remount-ro", "/run"});
  // Root owns the kernel's own settings, /proc/sys/kernel/core_pattern among them, and needs no
  // capability to write them.
  words.insert(words.end(), {"--remount-ro", "/proc", "--"});
  return words;
}

Command wrapped(const std::vector<std::string>& wrapper, const Command& command) {
  const auto behind = [&wrapper](const std::vector<std::string>& words) {
    std::vector<std::string> all = wrapper;
    all.insert(all.end(), words.begin(), words.end());
    return all;
  };
  return {behind(command.words), command.folder, behind(command.shown())};
}

void try_it(const std::vector<std::string>& wrapper) {
  const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  Child child(wrapped(wrapper, {{"true"}, ""}), nothing, nothing.number());
  child.wait_for_end(seconds_to_try);
  child.read_output();
  const std::string end = child.ended();
  if (end == "ended with exit status 0") return;
  throw ModelError(fmt::format(
      "isolate: sandboxed cannot be had on this machine: '{}' {}: {}; let the kernel make user "
      "namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0; a "
      "container may have to be started with --security-opt seccomp=unconfined or --privileged), "
      "{}",
      wrapper.front(), end.empty() ? "did not end" : end, child.printed_last(), instead));
}

}  // namespace

Command sandboxed(const Command& command) {
  const std::vector<std::string> words = wrapper();
  try_it(words);
  return wrapped(words, command);
}

}  // namespace dflare
