#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace dflare {

/// Writes beside `path` and renames, so that nobody ever sees half a file, and waits until it is on
/// disk. Links are followed; see output_place() for what is no regular file. Throws Error naming
/// the file and the reason.
void write_atomically(const std::string& path, const std::string& content);

/// The same for a file that nobody looks for yet, in a folder that will be renamed once it is
/// complete.
void write_file(const std::string& path, const std::string& content);

/// The whole file. Throws Error naming it if it cannot be read, is no regular file (a FIFO blocks,
/// a device may have no end), or is larger than the machine's memory.
std::string read_file(const std::string& path);

/// The same of a JSON or YAML document, which is no longer than 64 MiB.
std::string read_text_file(const std::string& path);

/// In bytes.
std::uint64_t memory_of_machine();

/// The same a part at a time, for files that need not fit into memory.
void read_in_parts(const std::string& path,
                   const std::function<void(const char* bytes, std::size_t count)>& take);

/// The same for a file of seed inputs: throws SeedError.
std::string read_seed_file(const std::string& path);

/// Why the system cannot say whether there is something at the path: "File name too long",
/// "Permission denied". Empty where it can, and there may be nothing.
std::string why_unknown(const std::string& path);

/// Turns a seed id or test name into one that is safe and unique as a folder name on every file
/// system: letters, digits, '.', '-' and '_' stay (but a leading '.', which would hide the folder),
/// others become %XX; never empty, never "." or "..", at most 150 characters (longer ones end in a
/// hash).
std::string safe_name(const std::string& id);

}  // namespace dflare
