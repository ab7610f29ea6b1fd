#pragma once

/// @file
/// The figures of a search, and confidence intervals.

#include <cstdint>
#include <vector>

#include "dflare/search.hpp"

namespace dflare {

/// A confidence interval; both bounds belong to it.
struct Interval {
  double low,  ///< lower bound
      high;    ///< upper bound
};

/// Exact two-sided interval of a proportion (Clopper and Pearson, Biometrika 26, 1934). `trials` at
/// least 1.
Interval clopper_pearson(std::size_t successes, std::size_t trials, double confidence = 0.95);

/// Interval of the mean of values in 0..1 by Student's t, clipped to 0..1, which such a mean cannot
/// leave. 0..1 for fewer than two values, which say nothing of how they scatter.
Interval student_t(const std::vector<double>& values, double confidence = 0.95);

/// The middle value, or the mean of the two in the middle; 0 for none.
double median(std::vector<double> values);

/// The figures of a search that messages and tables show.
struct Summary : Tally {
  std::size_t seeds = 0;   ///< all
  std::size_t judged = 0;  ///< without skipped ones, errors and those that a budget left not begun
  /// Of the seeds found or as they are: a budget ended the search for something closer or worse.
  std::size_t cut_short = 0;
  double rate = 0;                     ///< (found + as it is) / judged; 0 if none
  Interval interval{0, 1};             ///< of the rate, 95 %
  double mean_queries = 0,             ///< over the seeds found by search
      median_queries = 0;              ///< likewise
  double queries_per_found = 0;        ///< queries in all / found
  double mean_gradients = 0;           ///< over the seeds found by search
  std::uint64_t gradients_in_all = 0;  ///< over all seeds, of either model
  double mean_paths = 0;               ///< over the seeds not found
  double mean_regret = 0;              ///< over the seeds found by search
  double mean_l2 = 0,                  ///< grey levels, over the seeds found by search
      mean_l_inf = 0,                  ///< likewise
      mean_ssim = 0,                   ///< over the seeds found by search
      mean_margin = 0;                 ///< likewise

  /// Over the judged seeds, one without a deviation counting 0: the figure that ranks compressions,
  /// after a search with the objective `worst`.
  double mean_worst_regret = 0;
  Interval worst_regret_interval{0, 1};  ///< student_t(), 95 %
  double largest_regret = 0;             ///< likewise; 0 where nothing deviates
  /// The same of the margin.
  double mean_worst_margin = 0;
  Interval worst_margin_interval{0, 1};  ///< student_t(), 95 %
  double largest_margin = 0;             ///< likewise; 0 where nothing deviates

  // Of the seed inputs as they are, without those that were not evaluated:
  std::size_t evaluated = 0,  ///< of these seeds the answers are known
      agreed = 0,             ///< the compressed model says nothing else than the original
      labelled = 0,           ///< of the evaluated ones, those whose true class is known
      original_right = 0,     ///< of the labelled ones, those whose class the original says
      compressed_right = 0;   ///< likewise
  // Of the seeds that lead to a deviation and whose true class is known; for what was found:
  std::size_t deviations_labelled = 0,  ///< all of them
      deviations_original_right = 0,    ///< the original says the true class, the compressed not
      deviations_compressed_right = 0,  ///< the compressed model says it, the original not
      deviations_neither_right = 0;     ///< neither does

  /// Of SeedResult::closeness over the seeds that deviate, one that does as it is counting 0; after
  /// a search with the objective `closest`.
  double smallest_closeness = 0,
         mean_closeness = 0;  ///< over the same seeds

  /// Whether neither a budget nor a stop ended the search of any seed.
  bool complete() const { return partly_searched == 0 && not_begun == 0 && cut_short == 0; }
};
/// The figures of a result, over all its seeds.
Summary summarise(const SearchResult& result);

}  // namespace dflare
