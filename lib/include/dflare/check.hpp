#pragma once

/// @file
/// What a test asks of a pair of models, and what came out; for any test framework, or none:
///
/// @code
///   const dflare::CheckResult result =
///       dflare::Check("everyday", "a.pt", "int8.pt", "seeds", dflare::Expectation::rate_le(0.03),
///                     dflare::everyday())
///           .run();
///   CHECK_MESSAGE(result.passed(), result.message());  // doctest's
/// @endcode
///
/// The assertions of dflare/gtest.hpp, the matchers of dflare/gmock.hpp and dflare-test make the
/// same check, and say the same.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dflare/arguments.hpp"
#include "dflare/corpus.hpp"
#include "dflare/examination.hpp"
#include "dflare/options.hpp"
#include "dflare/search.hpp"
#include "dflare/statistics.hpp"

namespace dflare {

namespace checking {
class ExpectationKind;  // what an expectation is judged by, named by and said in
}

/// What a pair is expected to do. One value: of one kind, with its bound.
class Expectation {
 public:
  /// No deviation at all.
  Expectation();
  /// At most this share of the seed inputs, 0 to 1, leads to a deviation.
  static Expectation rate_le(double share);
  /// No deviation of a larger regret, 0 to 1; of a larger margin, where the criterion has `margin`.
  /// Searches with objective `worst`.
  static Expectation worst_le(double regret);
  /// No deviation nearer to its seed input, in the unit of Options::closest_by(), 0 or more.
  /// Searches with objective `closest`.
  static Expectation closest_ge(double distance);
  /// By its name in manifests: "no_deviation", "deviation_rate_le", ... Throws ConfigError for
  /// another name. A bound that makes no sense is for the check to refuse.
  static Expectation of(const std::string& name, double bound = 0);

  /// "deviation_rate_le"
  const std::string& name() const;
  /// 0 for a kind that has none.
  double bound() const { return bound_; }
  /// "no deviation of a regret above 0.2"; the options say of what figure and distance.
  std::string text(const Options& options) const;
  /// Those to search with where none are given.
  Options default_options() const;

  /// For dflare itself.
  const checking::ExpectationKind& kind() const { return *kind_; }

 private:
  Expectation(const checking::ExpectationKind& kind, double bound) : kind_(&kind), bound_(bound) {}

  const checking::ExpectationKind* kind_;
  double bound_;
};

/// What a check says of its pair. Nothing but `passed` is a pass.
enum class CheckVerdict : std::uint8_t {
  /// Something was tested, and the expectation is met.
  passed,
  /// Deviations were seen that the expectation does not allow, and no seed input ended in an error.
  failed,
  /// No such deviation was seen, but neither would a pass mean anything: there are no seed inputs,
  /// all of them were skipped or none was begun, an interrupt or, under
  /// Options::require_complete(), a budget left some over; or under CorpusMode::replay_only the
  /// corpus holds nothing, says nothing of these models and options, or was not replayed to its
  /// end.
  inconclusive,
  /// Something went wrong: options or a bound that make no sense, models or seed inputs that cannot
  /// be loaded, findings that cannot be written, a model that fails or answers a non-finite score
  /// for any seed input, however much deviates besides.
  error,
};
/// "passed", "failed", "inconclusive", "error".
const char* to_string(CheckVerdict verdict);

/// What the corpus of a check said, and what became of it.
struct CorpusReport {
  std::string folder;                     ///< absolute; empty: there is no corpus
  CorpusMode mode = CorpusMode::both;     ///< as asked for
  std::size_t held = 0;                   ///< findings it holds, those of other shards included
  std::vector<CorpusFinding> findings{};  ///< replayed
  bool stopped = false;                   ///< before all of it was replayed
  std::size_t added = 0;                  ///< by the search

  /// Findings of that state.
  std::size_t count(CorpusState state) const;
  /// Whether nothing was searched because only a replay was asked for.
  bool searched_nothing() const { return !folder.empty() && mode == CorpusMode::replay_only; }
};

/// What came out of a check: the verdict, the figures, and what there is to say.
struct CheckResult {
  CheckVerdict verdict = CheckVerdict::error;  ///< see CheckVerdict
  /// The one question to ask of a result in a test.
  bool passed() const { return verdict == CheckVerdict::passed; }

  /// What was checked, and all that a person can act on: the figures on one line where it passed,
  /// else what was compared, how bad it is, why it is no pass, the worst findings, where their
  /// pictures are, and what to type to replay one. Valid UTF-8, whatever it quotes.
  std::string message() const;
  std::string headline;  ///< what was checked: the first line of the message
  std::string text;      ///< the message without it
  /// What is left to say of a pass, a line each: the figures, what was left over, how often each
  /// model is right, what is strange. Empty where it did not pass: the message has it.
  std::vector<std::string> lines;
  std::string error;  ///< why the pair could not be tested at all; else empty

  bool searched = false;             ///< false: the corpus alone decided, or nothing did
  SearchResult search;               ///< of each seed input; empty where nothing was searched
  Summary summary;                   ///< its figures
  CorpusReport corpus;               ///< what was replayed before
  std::string corpus_text;           ///< "2 findings replayed: 2 are fixed"; empty without a corpus
  ModelInfo original,                ///< empty where it could not be loaded
      compressed;                    ///< likewise
  std::vector<std::string> remarks;  ///< what is strange and no error, a sentence each
  std::optional<Examination> examination;  ///< what was found out before the search
  std::string folder;                      ///< of the findings, absolute; empty: none are written
};

/// A pair of models, seed inputs, and what is expected of them.
struct Check {
  /// A check with the expectation's default options.
  Check(std::string check_name, ModelArgument original_model, ModelArgument compressed_model,
        SeedsArgument seed_inputs, const Expectation& expected = {});
  /// A check with these options.
  Check(std::string check_name, ModelArgument original_model, ModelArgument compressed_model,
        SeedsArgument seed_inputs, const Expectation& expected, Options search_options);

  std::string name;          ///< of the test, for progress, findings and corpus; not empty
  ModelArgument original;    ///< fed as Options::input() says where it is a path
  ModelArgument compressed;  ///< likewise
  SeedsArgument seeds;       ///< at least one, or it is inconclusive
  Expectation expectation;   ///< what is to hold
  Options options;           ///< the objective is set to what the expectation needs
  std::string headline;      ///< of the message; empty: "NAME: expected no deviation"
  std::string folder;    ///< of the findings; empty: NAME below Options::out() ("dflare-findings")
  std::string corpus;    ///< its folder; empty: NAME below Options::corpus(), if there is one
  std::string manifest;  ///< that names the models; empty: a test program does
  std::string progress = "auto";  ///< on standard error: "auto", "on" or "off"

  /// Replays the corpus, searches, judges. Never throws: what goes wrong is an error.
  CheckResult run() const;
};

}  // namespace dflare
