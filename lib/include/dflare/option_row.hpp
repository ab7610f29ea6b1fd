#pragma once

/// @file
/// The table of options: how each is written, what it means and where it counts.

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace dflare {

class Options;

/// Where an option counts, and so where it is recorded.
enum class OptionRole {
  deviation,    ///< what a deviation is, and which mutants may be one: in the key of a corpus too
  goal,         ///< which deviation of a seed input is kept: in the key of a corpus too
  search,       ///< how deviations are looked for: other values may give other findings
  examination,  ///< what a pair may be like to be searched at all
  harness       ///< what tests and programs make of a search: changes no finding
};

/// A value that can be given as text: one of the options, or of the settings of a repair.
template <class Target, class Role>
struct TableRow {
  std::string name;     ///< as in C++, flags and files: "rng_seed"
  std::string values;   ///< "dflare | random", "whole number, at least 1"
  std::string meaning;  ///< one sentence
  Role role;            ///< where it counts
  std::string heading;  ///< under which help lists it; may be empty
  std::function<void(Target&, const std::string& text)> set;  ///< throws ConfigError
  std::function<std::string(const Target&)> get;              ///< the value as text
  /// Throws ConfigError where the value makes no sense by itself; null: whatever it is does.
  std::function<void(const Target&)> check{};
  /// Likewise with the others' values.
  std::function<void(const Target&)> check_with_others{};
  /// Whether the text is a path, relative to the file that it stands in; null: it never is.
  std::function<bool(const std::string& text)> is_path{};
  /// The registered strategy that has it; empty: all have.
  std::string strategy{};
};

/// One row of the table of options that can be given as text (manifest, flags, findings).
using OptionRow = TableRow<Options, OptionRole>;

/// Whether other values may give other findings, so that a finding records it.
bool changes_findings(const OptionRow& row);

/// All options that can be given as text, those of registered strategies last; those that only C++
/// can set (input, stop, on_progress) are not in it. A reference from before a registration is
/// none afterwards.
const std::vector<OptionRow>& options_table();

/// Names and values, in the order of the table.
using OptionValues = std::vector<std::pair<std::string, std::string>>;
/// Of what changes findings, without the options of strategies that are not used.
OptionValues recorded_options(const Options& options);
/// The same with what changes no finding.
OptionValues all_options(const Options& options);

/// Sets one option from text. Throws ConfigError with the nearest name if there is none of that
/// name, and with the values expected if the text makes no sense.
void set_option(Options& options, const std::string& name, const std::string& text);

/// @name Options of a registered strategy
/// Rows for register_strategy(), each of one value that Options::text() and Options::number() give
/// back. Throw ConfigError where the default is none of the values.
/// @{
OptionRow whole_number_option(const std::string& name, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most, const std::string& meaning);
OptionRow number_option(const std::string& name, double otherwise, double least, double most,
                        const std::string& meaning);  ///< `least` and `most` are allowed
/// The first one is the default.
OptionRow choice_option(const std::string& name, const std::vector<std::string>& choices,
                        const std::string& meaning);
/// @}

}  // namespace dflare
