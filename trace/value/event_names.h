// The written names of the enumerations in event.h, the same in every text form, and the
// few questions about events that writers and readers share.
//
//   NameOf(EventKind::kStep)            "step"
//   ParseEventKind("mark")              EventKind::kMark
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace {

[[nodiscard]] std::string_view NameOf(EventKind kind);
[[nodiscard]] std::string_view NameOf(Outcome outcome);
[[nodiscard]] std::string_view NameOf(UpdateOp op);
[[nodiscard]] std::string_view NameOf(ValueKind kind);  // as a person would say it: "a set"

[[nodiscard]] std::optional<EventKind> ParseEventKind(std::string_view name);
[[nodiscard]] std::optional<Outcome> ParseOutcome(std::string_view name);
[[nodiscard]] std::optional<UpdateOp> ParseUpdateOp(std::string_view name);

// "n1/1/7": node, incarnation, seq; "event 7" when there is no node.
[[nodiscard]] std::string ToText(const EventId& id);

// Length of the longest prefix of `text` that is UTF-8; text.size() when all of it is. O(n).
[[nodiscard]] std::size_t ValidUtf8Prefix(std::string_view text);

// Whether every format can carry the event and give back the same: all text is UTF-8, seq is
// not 0, arguments are named or positional but not both, nesting is at most `depth_max`.
struct WriteLimits {
  int depth_max = 100;  // of values and of `steps`; deeper: kUnwritable
};
[[nodiscard]] Status CheckWritable(const Event& event, const WriteLimits& limits = {});
[[nodiscard]] Status CheckWritable(const Header& header, const WriteLimits& limits = {});

}  // namespace kelpie::trace
