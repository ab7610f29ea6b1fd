#pragma once

namespace dflare {

/// From now on the first SIGINT or SIGTERM asks running searches to stop, and the second one ends
/// the process.
void handle_interrupts();

/// Whether such a signal came.
bool interrupted();

}  // namespace dflare
