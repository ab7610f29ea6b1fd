#pragma once

#include <boost/filesystem/path.hpp>
#include <string>
#include <vector>

namespace dflare {

/// Whether it is a program that this user may run.
bool runs(const boost::filesystem::path& path);

/// The folders of the environment variable PATH.
std::vector<boost::filesystem::path> path_folders();

/// The path of a program; empty where no folder of the PATH has it.
std::string in_path(const std::string& program);

}  // namespace dflare
