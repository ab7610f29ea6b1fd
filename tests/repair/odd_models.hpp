#pragma once

#include <string>

/// TorchScript files of 12 x 12 grey images that answer, but that repair has to refuse; four
/// classes where nothing else is said.
namespace dflare::test {

/// Its scores are computed without gradients.
void save_detached(const std::string& path);
/// It fails where its scores are to be differentiated, and only there.
void save_without_derivative(const std::string& path);
/// One score for two classes.
void save_one_score(const std::string& path);
/// The same scores for every image.
void save_constant(const std::string& path);

}  // namespace dflare::test
