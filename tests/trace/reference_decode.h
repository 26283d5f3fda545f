// Events and headers by way of protobuf's generated classes: slow, obvious, and the answer
// that DecodeEvent and DecodeHeader are held to.
#pragma once

#include <string_view>

#include "trace/value/proto.h"

namespace kelpie::trace::test {

[[nodiscard]] Result<Event> ReferenceDecodeEvent(std::string_view bytes, const DecodeLimits& limits = {});
[[nodiscard]] Result<Header> ReferenceDecodeHeader(std::string_view bytes, const DecodeLimits& limits = {});

}  // namespace kelpie::trace::test
