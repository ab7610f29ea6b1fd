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
};
const std::vector<FlagRow>& flag_table();

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
/// name and what GoogleTest took out. Throws ConfigError for an unknown --dflare_ flag (with the
/// nearest), a missing value, one that makes no sense, and a --gtest_ flag that is left over.
Flags parse_flags(std::vector<std::string> arguments, Program program);

/// Those of this process: what set_flags() was given, else the environment's.
const Flags& flags();
void set_flags(Flags flags);

/// The table for --help.
std::string flags_help(Program program);

}  // namespace dflare::gtest
