// A digest of events that depends on no file format: FNV-1a over every field.
#pragma once

#include <cstdint>
#include <vector>

#include "trace/value/event.h"

namespace kelpie::impl_test {

[[nodiscard]] std::uint64_t DigestOf(const std::vector<trace::Event>& events);

}  // namespace kelpie::impl_test
