#pragma once

#include <string>

/// Rounds each weight tensor of a TorchScript model to a symmetric grid of `bits` bits with one
/// scale per tensor, as 8-bit and 4-bit engines do.
void round_weights(const std::string& from, const std::string& to, int bits);

/// Sets the smallest `share` of all weights of a TorchScript model to zero.
void prune_weights(const std::string& from, const std::string& to, double share);
