#include "trace/record/recover.h"

#include <ostream>

#include "trace/cli/commands.h"

namespace kelpie::trace::cli {

namespace {

std::string Json(const std::string& directory, const record::Recovery& recovery) {
  const record::DrainCounters& counters = recovery.counters;
  file::JsonBuilder json;
  json.Object().Key("format").Text("kelpie.trace.recover/1").Key("result").Text("ok");
  json.Key("exit").Number(static_cast<std::uint64_t>(kExitOk)).Key("directory").Text(directory);
  json.Key("was_needed").Boolean(recovery.was_needed);
  json.Key("rings").Number(static_cast<std::uint64_t>(recovery.ring_count));
  json.Key("traces").Number(static_cast<std::uint64_t>(recovery.stream_count));
  json.Key("events").Number(counters.event_count).Key("lost").Number(counters.lost_count);
  json.Key("in_flight").Number(counters.hole_count).Key("unwritable").Number(counters.unwritable_count);
  json.Key("torn_bytes").Number(counters.torn_bytes).Key("error").Null().End();
  return json.text();
}

void Print(const std::string& directory, const record::Recovery& recovery, std::ostream& out, std::ostream& err) {
  if (!recovery.was_needed) {
    out << directory << ": nothing to recover; its recorder was closed, or there was none\n";
    return;
  }
  const record::DrainCounters& counters = recovery.counters;
  out << directory << ": " << counters.event_count << " events recovered from " << recovery.ring_count << " rings into "
      << recovery.stream_count << " traces";
  if (counters.torn_bytes != 0) out << ", " << counters.torn_bytes << " bytes of half a frame cut off";
  if (counters.lost_count != 0) {
    out << ", " << counters.lost_count << " told as lost (" << counters.hole_count << " were in flight)";
  }
  out << "\n";
  err << recovery.unwritable;
}

}  // namespace

int RecoverRun(const RecoverOptions& options, std::ostream& out, std::ostream& err) {
  Result<record::Recovery> recovery = record::Recover(options.directory);
  if (!recovery.ok()) return FailVerb("kelpie.trace.recover/1", recovery.error(), options.json, out, err);
  if (options.json) {
    out << Json(options.directory, *recovery) << "\n";
    err << recovery->unwritable;
  } else {
    Print(options.directory, *recovery, out, err);
  }
  return kExitOk;
}

}  // namespace kelpie::trace::cli
