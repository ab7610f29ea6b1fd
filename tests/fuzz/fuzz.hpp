#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// What every fuzz target shares. A target is a file that defines read() and examples().
namespace dflare::fuzz {

/// Has a reader of dflare's read the bytes. It may throw dflare::Error, and nothing else.
void read(const std::string& bytes);

/// What that reader takes, made by what writes it: fuzzing begins there.
std::vector<std::string> examples();

/// One input of several files or texts. Separated by a line, so that a fuzzer moves the border of
/// none when it changes another.
std::string joined(const std::vector<std::string>& parts);
/// Its first `count` parts; missing ones are empty.
std::vector<std::string> parted(const std::string& bytes, std::size_t count);

/// This process's own.
const std::string& scratch_folder();
/// The path of a file of that name there, with this content.
std::string scratch_file(const std::string& name, const std::string& bytes);

}  // namespace dflare::fuzz
