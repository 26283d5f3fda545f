// Events of an ITF file, the JSON form in which Apalache and others give traces of states
// (Apalache's ADR-015). Private to this room.
//
//   Result<bool> is_itf = LooksLikeItf(input);
//   ItfSource source(input, options);
//
// The first state is an `init` event and every further one a `step` of no named action, with
// all variables as updates; parameters are the header's constants. A state that a converter of
// ours wrote carries the event it was made of (itf_write.h), and that is what is given back.
// A `loop` is not followed. Invariants: those of EventSource, but the file is held whole.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "trace/file/event_source.h"
#include "trace/file/input.h"
#include "trace/file/json_cursor.h"
#include "trace/file/json_read.h"
#include "trace/file/json_value.h"

namespace kelpie::trace::file {

// Whether the file begins with an object whose first key is one of ITF's. Reads no further than
// that key, so that a pipe of JSON lines is not waited for.
[[nodiscard]] Result<bool> LooksLikeItf(Input& input);

class ItfSource final : public EventSource {
 public:
  // `input` must outlive the source and stand at the beginning.
  ItfSource(Input& input, const ReaderOptions& options) : input_(input), options_(options) {}

  [[nodiscard]] Status Start() override;
  [[nodiscard]] Result<bool> Next(LocatedEvent& out, LeftOut& left_out) override;
  // Damage is never passed over: what follows it in JSON text is not known.
  [[nodiscard]] Result<Resumed> Resume() override;

 private:
  [[nodiscard]] Status ReadAll();
  bool ReadTop();
  bool ReadTopField(std::string_view key);
  bool ReadNames(std::set<std::string>& names);
  bool ReadHeaderMeta();
  bool ReadFirstState();
  bool ReadState(LocatedEvent& out, LeftOut& left_out);
  bool ReadStateMeta(std::string& event_text);
  // A text of ours within the file: what is wrong in it is wrong at the text's place.
  bool ReadLineOf(std::string_view text, std::size_t position, ParsedLine& line);
  [[nodiscard]] Error Refuse() const;

  Input& input_;
  ReaderOptions options_;
  std::string_view text_;
  std::unique_ptr<JsonCursor> cursor_;
  std::unique_ptr<JsonValueReader> values_;
  std::set<std::string> parameters_;
  std::set<std::string> variables_;
  bool has_variables_ = false;
  std::size_t states_at_ = 0;  // of the array; 0: none
  std::uint64_t state_count_ = 0;
  std::uint64_t line_number_ = 1;
  std::size_t counted_ = 0;  // bytes whose line feeds are in line_number_
};

}  // namespace kelpie::trace::file
