#pragma once

#include <string>

namespace dflare {

/// The path of a picture of a finding. Throws FindingError where it is a symbolic link, which may
/// lead to a picture that is no part of the finding, or no regular file.
std::string picture_in(const std::string& folder, const std::string& name);

}  // namespace dflare
