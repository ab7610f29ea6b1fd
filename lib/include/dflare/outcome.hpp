#pragma once

/// @file
/// What becomes of seed inputs, and how many each became.

#include <array>
#include <cstddef>
#include <cstdint>

namespace dflare {

/// What became of a seed input. Never mixed up with one another.
enum class Outcome : std::uint8_t {
  as_it_is,         ///< the models deviate on the seed input itself
  found,            ///< by search
  not_found,        ///< the strategy has nothing more to try
  partly_searched,  ///< a budget in all, or a stop, ended the search from this seed input
  not_begun,        ///< a budget in all, or a stop, came first
  error,            ///< unreadable image, a model that failed or answered a non-finite score
  skipped,          ///< by option: misclassified or unreadable
};

/// Seed inputs by their outcome.
struct Tally {
  std::size_t as_it_is = 0,  ///< seeds of Outcome::as_it_is
      found = 0,             ///< of Outcome::found
      not_found = 0,         ///< of Outcome::not_found
      partly_searched = 0,   ///< of Outcome::partly_searched
      not_begun = 0,         ///< of Outcome::not_begun
      errors = 0,            ///< of Outcome::error
      skipped = 0;           ///< of Outcome::skipped

  /// The count of an outcome, to be changed.
  std::size_t& operator[](Outcome outcome);
  /// The count of an outcome.
  std::size_t operator[](Outcome outcome) const;
  /// Adds each count.
  Tally& operator+=(const Tally& other);

  std::size_t all() const;           ///< of whatever outcome
  std::size_t judged_seeds() const;  ///< that a rate is of, see OutcomeRow::judged
  std::size_t deviating() const;     ///< that lead to a deviation, see OutcomeRow::deviates
};

/// All that is to be known of an outcome.
struct OutcomeRow {
  Outcome outcome;            ///< that it is of
  std::size_t Tally::*count;  ///< where a tally has it
  const char* name;           ///< as a key: "as_it_is"
  const char* words;          ///< "as it is"
  bool judged;                ///< counts in a rate: neither skipped nor an error nor not begun
  bool deviates;              ///< leads to a deviation
};
/// A row an outcome, in their order.
const std::array<OutcomeRow, 7>& outcomes_table();

/// The outcome in words: "as it is", "not found".
const char* to_string(Outcome outcome);
/// OutcomeRow::judged.
bool judged(Outcome outcome);
/// OutcomeRow::deviates.
bool deviates(Outcome outcome);

}  // namespace dflare
