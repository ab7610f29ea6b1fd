#pragma once

#include <string>

namespace dflare {

/// Writes beside `path` and renames, so that nobody ever sees half a file. Throws Error naming the
/// file and the reason.
void write_atomically(const std::string& path, const std::string& content);

/// The same for a file that nobody looks for yet, in a folder that will be renamed once it is
/// complete.
void write_file(const std::string& path, const std::string& content);

/// The whole file. Throws Error naming it if it cannot be read.
std::string read_file(const std::string& path);

/// The same for a file of seed inputs: throws SeedError.
std::string read_seed_file(const std::string& path);

/// Turns a seed id or test name into one that is safe and unique as a folder name on every file
/// system: letters, digits, '.', '-' and '_' stay (but a leading '.', which would hide the folder),
/// others become %XX; never empty, never "." or "..", at most 150 characters (longer ones end in a
/// hash).
std::string safe_name(const std::string& id);

}  // namespace dflare
