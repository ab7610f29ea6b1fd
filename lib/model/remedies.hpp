#pragma once

#include <cstddef>
#include <string>

namespace dflare {

enum class Library { libtorch, openvino };

/// What a library said of its failure, followed by what to do about it where the cause is known.
std::string with_remedy(Library library, const std::string& said);

/// What to export in the place of a tensor of so many dimensions, which is not images x classes.
std::string scores_to_export(std::size_t dimensions);

}  // namespace dflare
