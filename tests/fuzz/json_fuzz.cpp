// Any bytes as JSON lines: events or one error with a place inside the file, and what was read is
// written and read again without change.
#include <algorithm>

#include "tests/fuzz/fuzz.h"
#include "trace/file/json_read.h"
#include "trace/file/json_write.h"
#include "trace/file/trace_reader.h"
#include "trace/value/event_names.h"

namespace {

using namespace kelpie;
using namespace kelpie::trace;

constexpr int kDepth = 50;

// The first writing may differ from the text that was read; from then on nothing changes.
void RequireStable(const Event& event) {
  if (!CheckWritable(event).ok()) return;
  std::string first;
  file::AppendJson(event, first);
  file::ParsedLine line;
  file::JsonFailure failure;
  fuzz::Require(file::ReadJsonLine(first, 2 * kDepth, line, failure), "what is written can be read");
  std::string second;
  file::AppendJson(line.event, second);
  fuzz::Require(first == second, "writing and reading change nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::MemoryFile memory;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  file::ParsedLine line;
  file::JsonFailure failure;
  if (file::ReadJsonLine(text.substr(0, text.find('\n')), kDepth, line, failure) && !line.is_header) {
    RequireStable(line.event);
  }

  memory.Write(text);
  const file::ReaderOptions options{
      .depth_max = kDepth, .line_bytes_max = 1U << 16U, .frame_bytes_max = 1U << 16U, .buffer_bytes = 4096};
  auto reader = file::TraceReader::Open(memory.path(), options);
  if (!reader.ok()) {
    fuzz::Require(reader.error().place.offset <= size, "an error lies in the file");
    return 0;
  }
  std::uint64_t offset = 0;
  while (true) {
    auto next = reader->Next();
    if (!next.ok()) {
      fuzz::Require(next.error().place.offset <= size, "an error lies in the file");
      (void)next.error().Render();
      return 0;
    }
    if (!next->has_value()) break;
    fuzz::Require((*next)->offset >= offset && (*next)->offset < size, "events lie in the file, one after another");
    offset = (*next)->offset;
    RequireStable((*next)->event);
  }
  fuzz::Require(!reader->torn_tail() || reader->torn_offset() < size, "what is cut off lies in the file");
  return 0;
}
