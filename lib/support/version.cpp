#include "support/version.hpp"

namespace dflare {

std::string version() {
  return DFLARE_VERSION;
}

}  // namespace dflare
