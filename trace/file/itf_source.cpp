#include "trace/file/itf_source.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kelpie::trace::file {

namespace {

constexpr std::array<std::string_view, 5> kTopKeys = {"#meta", "params", "vars", "states", "loop"};

// Brackets around the deepest value: a state's, and three for a level of a map.
int BracketsMax(int depth_max) { return 5 * depth_max + 16; }

}  // namespace

Result<bool> LooksLikeItf(Input& input) {
  constexpr std::size_t kLookedAtMax = 4096;
  while (true) {
    const std::string_view data = input.data().substr(0, kLookedAtMax);
    const std::size_t brace = data.find_first_not_of(" \t\r\n");
    if (brace != std::string_view::npos && data[brace] != '{') return false;
    const std::size_t quote = brace == std::string_view::npos ? brace : data.find_first_not_of(" \t\r\n", brace + 1);
    if (quote != std::string_view::npos && data[quote] != '"') return false;
    const std::size_t end = quote == std::string_view::npos ? quote : data.find('"', quote + 1);
    if (end != std::string_view::npos) {
      const std::string_view key = data.substr(quote + 1, end - quote - 1);
      return std::find(kTopKeys.begin(), kTopKeys.end(), key) != kTopKeys.end();
    }
    if (data.size() == kLookedAtMax || input.at_end()) return false;
    Result<bool> more = input.Ensure(data.size() + 1);
    if (!more.ok()) return more;
  }
}

Error ItfSource::Refuse() const {
  const JsonFailure& failure = cursor_->failure();
  const std::string_view before = text_.substr(0, failure.position);
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return {.kind = failure.kind,
          .place = {.file = input_.path(),
                    .line = static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1,
                    .column = ColumnOf(text_.substr(line_start), failure.position - line_start),
                    .offset = failure.position},
          .message = failure.at_end ? "the file ends inside its JSON text" : failure.message,
          .found = failure.at_end ? "end of file" : failure.found,
          .expected = failure.expected,
          .hint = failure.at_end ? "an ITF file is one JSON object, and is of no use in part" : failure.hint};
}

Status ItfSource::ReadAll() {
  while (!input_.at_end() && input_.data().size() <= options_.itf_bytes_max) {
    Result<bool> more = input_.Ensure(input_.data().size() + 1);
    if (!more.ok()) return more.TakeError();
  }
  text_ = input_.data();
  if (text_.size() <= options_.itf_bytes_max) return Status();
  return Error{.kind = ErrorKind::kTooLong,
               .place = {.file = input_.path()},
               .message = "an ITF file is longer than " + std::to_string(options_.itf_bytes_max) +
                          " bytes, the limit itf_bytes_max"};
}

// Reads all but the states first, since the names of parameters may stand behind them, then the
// parameters out of the first state, and stops before it.
Status ItfSource::Start() {
  Status read = ReadAll();
  if (!read.ok()) return read;
  const auto restart = [this](std::size_t at) {
    cursor_ = std::make_unique<JsonCursor>(text_, BracketsMax(options_.depth_max), at);
    values_ = std::make_unique<JsonValueReader>(*cursor_, options_.depth_max);
    values_->AllowUnserializable();
  };
  restart(0);
  if (!ReadTop()) return Refuse();
  restart(states_at_);
  if (!parameters_.empty()) {
    if (!ReadFirstState()) return Refuse();
    restart(states_at_);
  }
  if (!cursor_->EnterArray()) return Refuse();
  Result<std::uint64_t> minor = MinorVersionOf(header_.format);
  if (minor.ok()) return Status();
  Error error = minor.TakeError();
  error.place = {.file = input_.path(), .line = 1, .column = 0, .offset = 0};
  return error;
}

bool ItfSource::ReadTop() {
  if (!cursor_->EnterObject()) return false;
  std::string_view key;
  std::set<std::string> seen;
  while (cursor_->NextKey(key)) {
    if (!seen.emplace(key).second) return values_->FailDuplicate(key);
    if (!ReadTopField(key)) return false;
  }
  if (cursor_->failed() || !cursor_->ExpectEnd()) return false;
  if (states_at_ != 0) return true;
  return cursor_->Fail({.kind = ErrorKind::kMissingField,
                        .position = 0,
                        .message = "an ITF trace lacks a field",
                        .expected = "\"states\""});
}

bool ItfSource::ReadTopField(std::string_view key) {
  if (key == "#meta") return ReadHeaderMeta();
  if (key == "params") return ReadNames(parameters_);
  if (key == "vars") {
    has_variables_ = true;
    return ReadNames(variables_);
  }
  if (key == "states") {
    if (cursor_->Peek() != JsonCursor::Kind::kArray) return cursor_->FailType("an array of states");
    states_at_ = cursor_->position();
  }
  return cursor_->SkipAny();
}

bool ItfSource::ReadNames(std::set<std::string>& names) {
  if (!cursor_->EnterArray()) return false;
  std::string_view name;
  while (cursor_->NextElement()) {
    if (!cursor_->ReadString(name)) return false;
    names.emplace(name);
  }
  return !cursor_->failed();
}

bool ItfSource::ReadHeaderMeta() {
  if (cursor_->Peek() != JsonCursor::Kind::kObject) return cursor_->SkipAny();
  if (!cursor_->EnterObject()) return false;
  std::string_view key;
  while (cursor_->NextKey(key)) {
    if (key != "header") {
      if (!cursor_->SkipAny()) return false;
      continue;
    }
    std::string_view text;
    if (!cursor_->ReadString(text)) return false;
    const std::size_t position = cursor_->token_position();
    ParsedLine line;
    if (!ReadLineOf(std::string(text), position, line)) return false;
    header_ = std::move(line.header);
    has_header_ = true;
  }
  return !cursor_->failed();
}

bool ItfSource::ReadLineOf(std::string_view text, std::size_t position, ParsedLine& line) {
  JsonFailure failure;
  if (ReadJsonLine(text, options_.depth_max, line, failure)) return true;
  failure.position = position;
  failure.at_end = false;
  return cursor_->Fail(std::move(failure));
}

bool ItfSource::ReadFirstState() {
  if (!cursor_->EnterArray()) return false;
  if (!cursor_->NextElement()) return !cursor_->failed();
  if (!cursor_->EnterObject()) return false;
  const bool is_told = has_header_;  // by the text of the header itself
  std::string_view key;
  while (cursor_->NextKey(key)) {
    const std::string name(key);
    Value value;
    const bool is_parameter = parameters_.contains(name);
    if (!(is_parameter ? values_->Read(value) : cursor_->SkipAny())) return false;
    if (is_parameter && !is_told && !value.is_unknown()) header_.constants.emplace_back(name, std::move(value));
  }
  if (!header_.constants.empty()) has_header_ = true;
  return !cursor_->failed();
}

Result<bool> ItfSource::Next(LocatedEvent& out, LeftOut& left_out) {
  if (!cursor_->NextElement()) {
    if (cursor_->failed()) return Refuse();
    return false;
  }
  cursor_->Peek();
  out.offset = cursor_->token_position();
  const std::string_view passed = text_.substr(counted_, out.offset - counted_);
  line_number_ += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
  counted_ = out.offset;
  out.line = line_number_;
  if (!ReadState(out, left_out)) return Refuse();
  ++state_count_;
  return true;
}

bool ItfSource::ReadState(LocatedEvent& out, LeftOut& left_out) {
  const std::size_t position = cursor_->token_position();
  if (!cursor_->EnterObject()) return false;
  Event event;
  event.kind = state_count_ == 0 ? EventKind::kInit : EventKind::kStep;
  event.claims.resize(1);
  std::string event_text;
  std::set<std::string> seen;
  std::string_view key;
  while (cursor_->NextKey(key)) {
    if (!seen.emplace(key).second) return values_->FailDuplicate(key);
    if (key == "#meta") {
      if (!ReadStateMeta(event_text)) return false;
      continue;
    }
    Update update{.location = {.variable = std::string(key), .path = {}}};
    if (!values_->Read(update.value)) return false;
    const bool is_variable = has_variables_ ? variables_.contains(update.location.variable)
                                            : !parameters_.contains(update.location.variable);
    if (is_variable && !update.value.is_unknown()) event.claims[0].updates.push_back(std::move(update));
  }
  if (cursor_->failed()) return false;
  left_out = {.node = true, .incarnation = true, .seq = true};
  if (event_text.empty()) {
    out.event = std::move(event);
    return true;
  }
  ParsedLine line;
  if (!ReadLineOf(event_text, position, line)) return false;
  left_out = {.node = !line.has_node, .incarnation = !line.has_incarnation, .seq = !line.has_seq};
  out.event = std::move(line.event);
  return true;
}

bool ItfSource::ReadStateMeta(std::string& event_text) {
  if (cursor_->Peek() != JsonCursor::Kind::kObject) return cursor_->SkipAny();
  if (!cursor_->EnterObject()) return false;
  std::string_view key;
  while (cursor_->NextKey(key)) {
    if (key != "event") {
      if (!cursor_->SkipAny()) return false;
      continue;
    }
    std::string_view text;
    if (!cursor_->ReadString(text)) return false;
    event_text = text;
  }
  return !cursor_->failed();
}

Result<Resumed> ItfSource::Resume() { return Refuse(); }

}  // namespace kelpie::trace::file
