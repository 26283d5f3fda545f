#include "trace/file/itf_writer.h"

#include <utility>

#include "trace/file/json_parts.h"
#include "trace/file/json_write.h"
#include "trace/file/output.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::file {

namespace {

constexpr std::size_t kBufferBytes = 64U << 10U;

void CollectVariables(const Claim& claim, std::set<std::string>& variables) {
  for (const Read& read : claim.reads) variables.insert(read.location.variable);
  for (const Update& update : claim.updates) variables.insert(update.location.variable);
  for (const Claim& step : claim.steps) CollectVariables(step, variables);
}

}  // namespace

void CollectVariables(const Event& event, std::set<std::string>& variables) {
  for (const Claim& claim : event.claims) CollectVariables(claim, variables);
}

class ItfWriter::Impl {
 public:
  Impl(Output output, const Header& header, const std::set<std::string>& variables)
      : output_(std::move(output)), variables_(variables), constants_(header.constants) {
    std::string& out = output_.buffer();
    std::string line;
    AppendJson(header, line);
    out +=
        "{\"#meta\":{\"format\":\"ITF\",\"format-description\":"
        "\"https://apalache-mc.org/docs/adr/015adr-trace.html\",\"header\":";
    AppendJsonString(line, out);
    out += '}';
    if (!constants_.empty()) {
      out += ",\n\"params\":[";
      Commas names(out);
      for (const auto& [name, value] : constants_) {
        names.Next();
        AppendJsonString(name, out);
      }
      out += ']';
    }
    out += ",\n\"vars\":[";
    Commas names(out);
    for (const std::string& variable : variables_) {
      names.Next();
      AppendJsonString(variable, out);
    }
    out += "],\n\"states\":[";
  }

  Status Append(const Event& event) {
    Status writable = CheckWritable(event);
    if (!writable.ok()) return writable;
    state_.Apply(event);
    std::string& out = output_.buffer();
    out += state_count_ == 0 ? "\n{\"#meta\":{\"index\":" : ",\n{\"#meta\":{\"index\":";
    AppendInteger(state_count_++, out);
    std::string line;
    AppendJson(event, line);
    out += ",\"event\":";
    AppendJsonString(line, out);
    out += '}';
    // Parameters belong into the first state; further ones have them, too, so that each state
    // can be looked at alone.
    for (const auto& [name, value] : constants_) AppendMember(name, value);
    for (const std::string& variable : variables_) {
      const auto known = state_.variables().find(variable);
      const Value& value = known == state_.variables().end() ? unknown_ : known->second;
      if (value.is_unknown()) ++unknown_count_;
      AppendMember(variable, value);
    }
    out += '}';
    return output_.FlushIfFull();
  }

  Status Close() {
    if (!output_.is_open()) return Status();
    output_.buffer() += "\n]}\n";
    return output_.Close();
  }

  std::uint64_t unknown_count_ = 0;

 private:
  void AppendMember(const std::string& name, const Value& value) {
    std::string& out = output_.buffer();
    out += ',';
    AppendJsonString(name, out);
    out += ':';
    AppendValue(value, Tags::kItf, out);
  }

  Output output_;
  std::set<std::string> variables_;
  std::vector<Value::Field> constants_;
  const Value unknown_;
  ObservedState state_;
  std::uint64_t state_count_ = 0;
};

ItfWriter::ItfWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ItfWriter::ItfWriter(ItfWriter&&) noexcept = default;
ItfWriter& ItfWriter::operator=(ItfWriter&&) noexcept = default;
ItfWriter::~ItfWriter() = default;

Result<ItfWriter> ItfWriter::Create(const std::string& path, const Header& header,
                                    const std::set<std::string>& variables) {
  Status writable = CheckWritable(header);
  for (const auto& [name, value] : header.constants) {
    if (!writable.ok() || !variables.contains(name)) continue;
    writable = Error{.kind = ErrorKind::kUnwritable,
                     .message = "a constant of the header and a variable have one name, and ITF keeps them together",
                     .found = name};
  }
  if (!writable.ok()) {
    Error error = writable.TakeError();
    error.place.file = path;
    return error;
  }
  Result<Output> output = Output::Open(path, kBufferBytes, false);
  if (!output.ok()) return output.TakeError();
  return ItfWriter(std::make_unique<Impl>(std::move(*output), header, variables));
}

Status ItfWriter::Append(const Event& event) { return impl_->Append(event); }
std::uint64_t ItfWriter::unknown_count() const { return impl_->unknown_count_; }
Status ItfWriter::Close() { return impl_->Close(); }

}  // namespace kelpie::trace::file
