// Writes one trace file, of either format.
//
//   Result<TraceWriter> writer = TraceWriter::Create("n1.1.ktrace", header);
//   Status status = writer->Append(event);
//   status = writer->Close();
//
// Invariants: what a writer took, a reader gives back equal; an event that could not be given
// back so (CheckWritable, another node than the header's, a gap in seq) is refused and leaves
// the file as it was. A frame or line is handed to the system whole, so a killed writer leaves
// a readable file and loses at most what was not flushed. Without Close, the destructor
// closes and can tell nobody about errors. One thread at a time.
#pragma once

#include <memory>
#include <string>

#include "trace/file/trace_reader.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::file {

enum class Compression : std::uint8_t { kNone, kZstd };

struct WriterOptions {
  Format format = Format::kKtrace;           // not kItf, which ItfWriter writes
  std::size_t buffer_bytes = 64U << 10U;     // collected before a write; 0: each event at once
  bool append = false;                       // go on behind the existing end of the file; no second header
  bool any_first_seq = false;                // each incarnation may begin at any seq, as in ReaderOptions
  std::size_t event_bytes_max = 16U << 20U;  // longer: kUnwritable, since readers would refuse it
  // Of .ktrace files: events in compressed blocks of about block_bytes each before compression.
  // A block is written when it is full, or by Flush; a killed writer loses the one it was filling.
  Compression compression = Compression::kNone;
  int compression_level = 3;
  std::size_t block_bytes = 256U << 10U;
  // Events between two entries of the index that Close appends to .ktrace files; 0: no index.
  std::uint64_t index_interval = 1024;
};

class TraceWriter {
 public:
  // Replaces an existing file, unless options.append. "-" is standard output.
  [[nodiscard]] static Result<TraceWriter> Create(const std::string& path, const Header& header,
                                                  const WriterOptions& options = {});
  TraceWriter(TraceWriter&&) noexcept;
  TraceWriter& operator=(TraceWriter&&) noexcept;
  ~TraceWriter();

  [[nodiscard]] Status Append(const Event& event);
  // Hands everything to the operating system (not to the disk).
  [[nodiscard]] Status Flush();
  // Flush and close; nothing may follow.
  [[nodiscard]] Status Close();

 private:
  class Impl;
  explicit TraceWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The format that a file name asks for: .ktrace is kKtrace, .itf.json and .itf are kItf, and
// everything else JSON lines.
[[nodiscard]] Format FormatOfName(const std::string& path);

}  // namespace kelpie::trace::file
