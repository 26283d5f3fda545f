// A trace file that a verb writes: of any format, and there only once it is whole.
//
//   Result<TraceOutput> output = TraceOutput::Create(options, path, header, variables);
//   Status status = output->Append(event);
//   status = output->Commit();
//
// Invariant: until Commit the file of that name is as it was; what is written goes into
// `path`.partial, which is removed when there is no Commit. Standard output is written to at once.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "trace/cli/commands.h"
#include "trace/file/itf_writer.h"
#include "trace/file/trace_writer.h"

namespace kelpie::trace::cli {

class TraceOutput {
 public:
  // `variables` are those of all events; only ITF needs them.
  [[nodiscard]] static Result<TraceOutput> Create(const WriteOptions& options, const std::string& path,
                                                  const Header& header, const std::set<std::string>& variables);
  TraceOutput(TraceOutput&& other) noexcept;
  TraceOutput& operator=(TraceOutput&&) = delete;
  ~TraceOutput();

  [[nodiscard]] Status Append(const Event& event);
  [[nodiscard]] Status Commit();
  // ITF: values in states that no event gives.
  [[nodiscard]] std::uint64_t unknown_count() const { return itf_ ? itf_->unknown_count() : 0; }

 private:
  TraceOutput() = default;
  std::string path_;
  std::string partial_path_;  // empty: standard output, or committed
  std::optional<file::TraceWriter> writer_;
  std::optional<file::ItfWriter> itf_;
};

// The format that the options ask for, or else the name.
[[nodiscard]] file::Format FormatOf(const WriteOptions& options, const std::string& path);

}  // namespace kelpie::trace::cli
