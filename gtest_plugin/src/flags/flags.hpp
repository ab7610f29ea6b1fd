#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dflare/options.hpp"

namespace dflare::gtest {

/// Which program reads the flags: a test program of a user, or dflare-test.
enum class Program { user_tests, runner };

/// One row of the table that the command line, the environment and --help are made from.
struct FlagRow {
  std::string name;     ///< "out": --dflare_out=V, --dflare_out V, DFLARE_OUT=V
  std::string value;    ///< "FOLDER"
  std::string meaning;  ///< one sentence
  std::string default_text;
  bool runner_only = false;
  bool is_option = false;  ///< a row of options_table(), which it overrides
  bool is_switch = false;  ///< without a value it is true
  std::string group{};     ///< "What to search": its heading in --help and docs/flags.md
};

/// In the order of --help: group by group. Throws ConfigError where a registered strategy's option
/// has the name of a flag.
std::vector<FlagRow> flag_table();

const char* const flag_prefix = "--dflare_";
/// "DFLARE_OUT" for "out".
std::string flag_variable(const std::string& name);

/// Values given as flags or in the environment.
class Flags {
 public:
  std::optional<std::string> get(const std::string& name) const;
  /// Sets the options that were given.
  void apply(Options& options) const;
  /// Arguments that are no flags of dflare.
  const std::vector<std::string>& rest() const { return rest_; }

 private:
  friend Flags parse_flags(std::vector<std::string>, Program);
  std::map<std::string, std::string> values_;
  std::vector<std::string> rest_;
};

/// Reads flags and, for those not given, the environment. `arguments` is without the program's
/// name and what GoogleTest took out. Throws ConfigError for an unknown flag (with the nearest;
/// those of a user's own program are left to it), a missing value, one that makes no sense, and a
/// --gtest_ flag that is left over.
Flags parse_flags(std::vector<std::string> arguments, Program program);

/// Those of this process: what set_flags() was given, else the environment's.
const Flags& flags();
void set_flags(Flags flags);

/// The table for --help, in groups, at most 80 columns wide.
std::string flags_help(Program program);

}  // namespace dflare::gtest
