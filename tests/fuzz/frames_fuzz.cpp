// Any bytes as a .ktrace file. Two forms of input, by the first byte: even, the rest is the file;
// odd, the rest is cut into payloads that get right heads and checksums, so that what decodes them
// is reached, and not only what refuses a wrong checksum.
#include <algorithm>

#include "tests/fuzz/fuzz.h"
#include "trace/file/frame.h"
#include "trace/file/trace_reader.h"

namespace {

using namespace kelpie;
using namespace kelpie::trace;

// Each payload behind its length in one byte; the first one may be the header.
std::string FileOf(std::string_view rest, bool has_header) {
  std::string bytes(file::kMagic);
  bool is_first = true;
  while (!rest.empty()) {
    const std::size_t length = std::min<std::size_t>(static_cast<unsigned char>(rest[0]), rest.size() - 1);
    const file::FrameType type = is_first && has_header ? file::FrameType::kHeader : file::FrameType::kEvent;
    file::AppendFrame(type, rest.substr(1, length), bytes);
    rest.remove_prefix(1 + length);
    is_first = false;
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::MemoryFile memory;
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string bytes = data[0] % 2 == 0 ? std::string(rest) : FileOf(rest, data[0] % 4 == 1);
  memory.Write(bytes);
  const file::ReaderOptions options{
      .depth_max = 50, .line_bytes_max = 1U << 16U, .frame_bytes_max = 1U << 16U, .buffer_bytes = 4096};
  auto reader = file::TraceReader::Open(memory.path(), options);
  if (!reader.ok()) {
    fuzz::Require(reader.error().place.offset <= bytes.size(), "an error lies in the file");
    return 0;
  }
  while (true) {
    auto next = reader->Next();
    if (!next.ok()) {
      fuzz::Require(next.error().place.offset <= bytes.size(), "an error lies in the file");
      (void)next.error().Render();
      return 0;
    }
    if (!next->has_value()) break;
    fuzz::Require((*next)->offset < bytes.size(), "events lie in the file");
    fuzz::Require((*next)->event.id.seq > 0, "seq counts from 1");
  }
  fuzz::Require(!reader->torn_tail() || reader->torn_offset() < bytes.size(), "what is cut off lies in the file");
  return 0;
}
