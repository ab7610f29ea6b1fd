#pragma once

/// @file
/// What is found out about a pair before it is judged.

#include <cstddef>
#include <string>
#include <vector>

#include "dflare/model.hpp"
#include "dflare/options.hpp"
#include "dflare/seeds.hpp"

namespace dflare {

/// What examine() found out.
struct Examination {
  std::size_t images = 0;       ///< seed inputs that were looked at
  std::size_t evaluations = 0;  ///< of one image on both models
  int classes = 0;              ///< that the models answer for
  int classes_given = 0;        ///< different labels that the original gives to the seed inputs
  std::size_t labelled = 0,     ///< of the seed inputs, those whose true class is known
      original_right = 0,       ///< of those, on which the original is right
      compressed_right = 0;     ///< likewise
  std::size_t agreed = 0;       ///< seed inputs on which deviation_regret() is 0
  /// What is strange and no error, a sentence each: for messages, results and reports.
  std::vector<std::string> remarks;
  /// All that was looked at, a line each: for who asks for the examination alone.
  std::vector<std::string> lines;
};

/// Looks at a sample of the seed inputs and a few made images, the same ones for every shard and
/// worker: what each model's answers are, whether it answers twice alike, whether the original
/// works on the seed inputs. Settles both models (Model::settle()). Throws ModelError or
/// ConfigError, once for the pair, where nothing could be judged: a model that fails or changes its
/// answers, is told to answer what it does not, answers every image alike, or an original that does
/// not work on the seed inputs (unless Options::accept_original()).
Examination examine(Model& original, Model& compressed, const SeedSet& seeds,
                    const Options& options = {});

}  // namespace dflare
