#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dflare/statistics.hpp"

namespace dflare::checking {

/// Share of the evaluated seed inputs on which the models agree as they are; nothing where none was
/// evaluated.
std::optional<double> agreement(const Summary& summary);
/// Share of the evaluated seed inputs of known class on which the original is right.
std::optional<double> original_accuracy(const Summary& summary);
/// Likewise of the compressed model.
std::optional<double> compressed_accuracy(const Summary& summary);

/// What stands beside every verdict, a sentence each without its full stop, of what was evaluated:
/// how far the models agree on the seed inputs as they are and how often each is right, and which
/// of them is right where they deviate.
std::vector<std::string> label_facts(const Summary& summary);

}  // namespace dflare::checking
