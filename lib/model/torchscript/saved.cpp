#include "model/torchscript/saved.hpp"

#include <fmt/format.h>

#include <locale>
#include <sstream>

#include "dflare/error.hpp"
#include "support/written_numbers.hpp"

namespace dflare {

void require_locale_to_save() {
  if (streams_write_plain_numbers()) return;
  throw ModelError(fmt::format(
      "this program's C++ locale ('{}') writes 1234.5 as '{}', and LibTorch saves the numbers of a "
      "model in the same way, which nobody reads back; call "
      "std::locale::global(std::locale::classic()) first (setlocale() alone does no harm)",
      std::locale().name(), written_by_streams()));
}

std::string saved(const torch::jit::Module& module) {
  require_locale_to_save();
  std::ostringstream bytes;
  module.save(bytes);
  return bytes.str();
}

}  // namespace dflare
