// A binary record to the event it stands for.
//
//   Result<Event> event = DecodeRecord({data, size}, definitions);     // id is the caller's to fill in
//
// Bytes of a file may be anything: every length and id is checked, and what is wrong is
// kBadFrame with the byte in the record.
#pragma once

#include <string_view>

#include "trace/record/definitions.h"
#include "trace/record/ring_layout.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::record {

// Requires: bytes.size() >= sizeof(RecordHead).
[[nodiscard]] RecordHead HeadOf(std::string_view bytes);

// Requires: `bytes` is one record, as long as its head says.
[[nodiscard]] Result<Event> DecodeRecord(std::string_view bytes, const Definitions& definitions);

}  // namespace kelpie::trace::record
