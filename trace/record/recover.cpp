#include "trace/record/recover.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "trace/record/definitions.h"
#include "trace/value/proto.h"

namespace kelpie::trace::record {

namespace fs = std::filesystem;

namespace {

Status DrainAll(const std::string& directory, const std::string& folder, Recovery& recovery) {
  Result<ControlFile> control = ControlFile::Open(folder);
  if (!control.ok()) return control.TakeError();
  Result<Definitions> definitions = Definitions::Load(folder + "/definitions");
  if (!definitions.ok()) return definitions.TakeError();
  Result<std::vector<std::string>> paths = RingPaths(folder);
  if (!paths.ok()) return paths.TakeError();
  std::vector<RingFile> rings;
  for (const std::string& path : *paths) {
    Result<RingFile> ring = RingFile::Open(path);
    if (!ring.ok()) return ring.TakeError();
    rings.push_back(std::move(*ring));
  }
  recovery.ring_count = rings.size();
  recovery.stream_count = definitions->count(DefinitionKind::kStream);
  if (recovery.stream_count > kStreamsMax) {
    return Error{.kind = ErrorKind::kBadFrame,
                 .place = {.file = folder + "/definitions"},
                 .message = "more streams are defined than a recorder has",
                 .found = std::to_string(recovery.stream_count),
                 .expected = std::to_string(kStreamsMax) + " at most"};
  }
  Drain drain(directory, *definitions);
  for (std::size_t i = 0; i < recovery.stream_count; ++i) {
    Result<Header> header = DecodeHeader(definitions->Find(DefinitionKind::kStream, i + 1)->texts[0]);
    if (!header.ok()) return header.TakeError();
    Status added = drain.AddStream(std::move(*header), control->page().streams[i], DrainStart::kResume);
    if (!added.ok()) return added;
  }
  for (const RingFile& ring : rings) drain.AddRing(ring.header(), ring.data());
  Status finished = drain.Finish();
  recovery.counters = drain.counters();
  if (drain.unwritable() != nullptr) recovery.unwritable = drain.unwritable()->Render();
  return finished;
}

}  // namespace

Result<Recovery> RecoverLocked(const std::string& directory, const DirectoryLock& /*lock*/) {
  Recovery recovery;
  const std::string folder = directory + "/" + std::string(kRingsFolder);
  std::error_code error;
  if (!fs::exists(folder, error) && !error) return recovery;
  recovery.was_needed = true;
  if (fs::exists(folder + "/control", error) && !error) {
    Status drained = DrainAll(directory, folder, recovery);
    if (!drained.ok()) return drained.TakeError();
  }
  Status removed = RemoveRings(folder);
  if (!removed.ok()) return removed.TakeError();
  return recovery;
}

Result<Recovery> Recover(const std::string& directory) {
  Result<DirectoryLock> lock = DirectoryLock::Take(directory);
  if (!lock.ok()) return lock.TakeError();
  return RecoverLocked(directory, *lock);
}

}  // namespace kelpie::trace::record
