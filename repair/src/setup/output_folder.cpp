#include "setup/output_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "finding/output_folder.hpp"
#include "support/files.hpp"
#include "support/output_file.hpp"

namespace dflare::repair {
namespace {

namespace fs = boost::filesystem;

void require_writable(const char* key, const std::string& file) {
  OutputPlace place;
  try {
    place = output_place(file);
  } catch (const Error& error) {
    throw ConfigError(fmt::format("{}: {}", key, error.what()));
  }
  if (place.is_stream) return;
  const fs::path probe =
      fs::path(place.path).parent_path() / fs::unique_path(".dflare-%%%%-%%%%-%%%%-%%%%.tmp");
  try {
    write_file(probe.string(), "");
  } catch (const Error&) {
    throw ConfigError(fmt::format(
        "{}: cannot write '{}': its folder is not there, or may not be written to; give another",
        key, file));
  }
  boost::system::error_code ignored;
  fs::remove(probe, ignored);
}

/// `folder`, or where it is not there the nearest one above it that is.
fs::path nearest(const fs::path& folder) {
  fs::path there = fs::absolute(folder).lexically_normal();
  boost::system::error_code ignored;
  while (there.has_parent_path() && !fs::exists(there, ignored)) there = there.parent_path();
  return there;
}

void require_place(const char* key, const fs::path& folder) {
  const fs::path there = nearest(folder);
  if (fs::is_directory(there) && ::access(there.c_str(), W_OK | X_OK) == 0) return;
  throw ConfigError(fmt::format(
      "{}: nothing can be written to '{}': '{}' {}; give another", key, folder.string(),
      there.string(), fs::is_directory(there) ? "may not be written to" : "is no folder"));
}

const char* model_key(const Settings& settings) {
  return settings.repaired.empty() ? "out" : "repaired";
}

void keep_state_only_to_resume(const Settings& settings) {
  const std::string state = in_output(settings, output_name::state);
  if (!settings.resume) {
    boost::system::error_code ignored;
    fs::remove(state, ignored);
  } else if (!fs::exists(state)) {
    throw ConfigError(fmt::format(
        "--resume: there is no interrupted repair in '{}' (no {}); run without --resume",
        settings.out, output_name::state));
  }
}

}  // namespace

std::string in_output(const Settings& settings, const char* name) {
  return (fs::path(settings.out) / name).string();
}

std::string repaired_file(const Settings& settings) {
  return settings.repaired.empty() ? in_output(settings, "repaired.pt") : settings.repaired;
}

void prepare_output(const Settings& settings) {
  boost::system::error_code failure;
  fs::create_directories(settings.out, failure);
  if (failure) {
    throw ConfigError(fmt::format("out: the folder '{}' cannot be made: {}; give another one",
                                  settings.out, failure.message()));
  }
  require_writable("out", in_output(settings, output_name::report_json));
  require_writable(model_key(settings), repaired_file(settings));
  keep_state_only_to_resume(settings);
  const std::string unseen = in_output(settings, output_name::unseen);
  if (settings.retest.worst_queries == 0 && fs::exists(unseen)) prepare_output_folder(unseen);
}

void check_output(const Settings& settings) {
  require_place("out", settings.out);
  const fs::path folder = fs::absolute(repaired_file(settings)).parent_path();
  if (!settings.repaired.empty() && !fs::exists(folder)) {
    throw ConfigError(fmt::format("repaired: there is no folder '{}' to write '{}' into",
                                  folder.string(), settings.repaired));
  }
  require_place(model_key(settings), folder);
}

}  // namespace dflare::repair
