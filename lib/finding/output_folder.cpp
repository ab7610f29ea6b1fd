#include "finding/output_folder.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/filesystem/operations.hpp>
#include <vector>

#include "finding/document.hpp"
#include "finding/finding_folder.hpp"
#include "finding/finding_json.hpp"
#include "finding/run_json.hpp"
#include "support/files.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

constexpr const char* failures = "failures";

bool is_taken(const std::string& name) {
  return name == run_file || name == failures || name == "report.html" || name == "report.json";
}

// Folders only: what a symbolic link leads to is never touched.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.symlink_status().type() == fs::directory_file) folders.push_back(entry.path());
  }
  return folders;
}

void remove_findings(const fs::path& folder) {
  for (const fs::path& inside : folders_in(folder)) {
    if (is_unfinished(inside.filename().string())) {
      fs::remove_all(inside);
    } else if (Document::is_one((inside / finding_file).string(), finding_key) ||
               (!fs::is_empty(inside) && is_remains(inside.string()))) {
      remove_finding_folder(inside.string());
    }
  }
}

bool is_failure(const fs::path& folder) {
  const fs::path message = folder / failure_message;
  return fs::is_regular_file(message) &&
         boost::starts_with(read_text_file(message.string()), failure_mark);
}

void remove_failures(const fs::path& folder) {
  if (!fs::is_directory(folder)) return;
  for (const fs::path& inside : folders_in(folder)) {
    if (!is_failure(inside)) continue;
    fs::remove(inside / failure_picture);
    fs::remove(inside / failure_message);
    if (fs::is_empty(inside)) fs::remove(inside);
  }
  if (fs::is_empty(folder)) fs::remove(folder);
}

}  // namespace

void prepare_output_folder(const std::string& folder) {
  fs::create_directories(folder);
  const fs::path run = fs::path(folder) / run_file;
  if (fs::exists(run) && !Document::is_one(run.string(), run_key))
    throw FindingError(
        fmt::format("'{}' is there already and was not written by dflare; give another folder for "
                    "the findings, or move the file away",
                    run.string()));
  remove_findings(folder);
  remove_failures(fs::path(folder) / failures);
}

std::string finding_folder(const std::string& folder, const std::string& seed_id) {
  std::string name = safe_name(seed_id);
  // Seed ids may be file names. No other id becomes a name with a letter in this form.
  if (is_taken(name))
    name = fmt::format("%{:02X}{}", static_cast<unsigned char>(name[0]), name.substr(1));
  return (fs::path(folder) / name).string();
}

std::string unfinished_folder(const std::string& folder, const std::string& seed_id) {
  return (fs::path(folder) / (writing_prefix + safe_name(seed_id))).string();
}

std::string failure_folder(const std::string& folder, const std::string& seed_id) {
  return (fs::path(folder) / failures / safe_name(seed_id)).string();
}

}  // namespace dflare
