#pragma once

#include "dflare/model_source.hpp"

namespace dflare {

/// The command without network and without a file that it can write: by bubblewrap, which shows it
/// the file system read-only. It leaves the process group that it is started in alone, and all that
/// it starts ends with it. Throws ModelError, with what to do, where this machine cannot do that.
Command sandboxed(const Command& command);

}  // namespace dflare
