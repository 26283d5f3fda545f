#pragma once

#include <cstddef>

namespace kelpie::cli {

// Of each thread that evaluates: specs may recurse as deep as --max-depth allows. Virtual; touched only as deep as
// needed.
inline constexpr std::size_t kStackBytes = std::size_t{1} << 30;

}  // namespace kelpie::cli
