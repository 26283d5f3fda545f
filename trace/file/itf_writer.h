// Writes a trace as an ITF file: a state for each event, as other tools read them.
//
//   Result<ItfWriter> writer = ItfWriter::Create("t.itf.json", header, variables);
//   Status status = writer->Append(event);
//   status = writer->Close();
//
// The state of an event is what the events so far say of the variables (observed_state.h); the
// event itself goes into the state's `#meta` as a text, and the header into the file's, so that
// itf_source.h gives back the same events. For everyone else this is lost: actions, arguments,
// reads, order and clocks, and all events that change no variable are states that are equal to
// the one before. Model values become strings of their name, and what is unknown becomes
// {"#unserializable":"unknown"}. Without Close the file is cut off and no ITF.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "trace/file/observed_state.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::file {

class ItfWriter {
 public:
  // All variables that events will name; a state of ITF shows each of them. "-" is standard
  // output. Replaces an existing file.
  [[nodiscard]] static Result<ItfWriter> Create(const std::string& path, const Header& header,
                                                const std::set<std::string>& variables);
  ItfWriter(ItfWriter&&) noexcept;
  ItfWriter& operator=(ItfWriter&&) noexcept;
  ~ItfWriter();

  [[nodiscard]] Status Append(const Event& event);
  // How many variables of the states so far were unknown, each counted once a state.
  [[nodiscard]] std::uint64_t unknown_count() const;
  [[nodiscard]] Status Close();

 private:
  class Impl;
  explicit ItfWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The variables that an event reads or updates.
void CollectVariables(const Event& event, std::set<std::string>& variables);

}  // namespace kelpie::trace::file
