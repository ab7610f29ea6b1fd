#pragma once

#include <string>

#include "support/descriptor.hpp"

namespace dflare {

/// While it lives, no other process or thread holds the folder's lock, or with Kind::shared none
/// holds it alone. It is the folder itself that is locked (flock), so that a kill leaves nothing.
/// Where the file system has no such locks, or another holds it for half a minute, there is none:
/// who takes it must lose nothing without.
class FolderLock {
 public:
  enum class Kind { shared, alone };
  FolderLock(const std::string& folder, Kind kind);

 private:
  Descriptor folder_;
};

}  // namespace dflare
