#include "run/write.hpp"

#include <boost/filesystem/operations.hpp>
#include <optional>

#include "setup/output_folder.hpp"
#include "support/files.hpp"
#include "support/output_file.hpp"

namespace dflare::repair {

void write_result(const Settings& settings, const Result& result, const std::string& model) {
  std::optional<PendingFile> pending;
  if (!result.repaired_file.empty()) pending.emplace(result.repaired_file, model);
  write_atomically(in_output(settings, output_name::report_json), report_json(settings, result));
  write_atomically(in_output(settings, output_name::report_text), report_text(settings, result));
  if (pending) pending->commit();
  boost::system::error_code ignored;
  boost::filesystem::remove(in_output(settings, output_name::state), ignored);
}

}  // namespace dflare::repair
