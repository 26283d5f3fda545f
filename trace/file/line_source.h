// Events of a file of JSON lines; docs/SEMANTICS.md part 2 is the format. Private to this room.
//
//   LineSource source(input, options);
//
// Invariants: those of EventSource. What Resume passes over is one line. A line that is cut off
// by the end of the file is torn when it is right as far as it goes, and damage otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "trace/file/event_source.h"
#include "trace/file/input.h"
#include "trace/file/json_read.h"

namespace kelpie::trace::file {

class LineSource final : public EventSource {
 public:
  // `input` must outlive the source and stand at the first line.
  LineSource(Input& input, const ReaderOptions& options) : input_(input), options_(options) {}

  [[nodiscard]] Status Start() override;
  [[nodiscard]] Result<bool> Next(LocatedEvent& out, LeftOut& left_out) override;
  [[nodiscard]] Result<Resumed> Resume() override;

 private:
  // The next line that is not blank; it stays in the buffer until ConsumeLine. False: the file
  // ends here.
  [[nodiscard]] Result<bool> FindLine();
  [[nodiscard]] Result<bool> FindLineEnd(std::size_t& size);
  void ConsumeLine();
  // What is wrong with the line, or that it is torn (false).
  [[nodiscard]] Result<bool> Refuse(JsonFailure failure);
  [[nodiscard]] Place PlaceOf(std::uint64_t column, std::uint64_t offset) const;

  Input& input_;
  ReaderOptions options_;
  LineOptions line_options_{.depth_max = options_.depth_max, .skip_unknown = false};
  std::string_view text_;
  std::size_t line_bytes_ = 0;  // with its line feed
  bool is_terminated_ = true;
  std::uint64_t line_offset_ = 0;
  std::uint64_t line_number_ = 0;
  bool ended_ = false;
  bool is_first_pending_ = false;  // the first line is an event and was not handed out
  ParsedLine line_;
};

}  // namespace kelpie::trace::file
