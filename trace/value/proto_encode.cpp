#include <google/protobuf/arena.h>

#include <string>

#include "trace.pb.h"
#include "trace/value/proto.h"

namespace kelpie::trace {

namespace {

void Encode(const Value& value, v1::Value* out) {
  switch (value.kind()) {
    case ValueKind::kBool: out->set_boolean(value.as_bool()); return;
    case ValueKind::kInt: out->set_integer(value.as_int()); return;
    case ValueKind::kBigInt: out->set_big_integer(value.text()); return;
    case ValueKind::kString: out->set_text(value.text()); return;
    case ValueKind::kModelValue: out->set_model_value(value.text()); return;
    case ValueKind::kSequence:
    case ValueKind::kSet: {
      v1::Values* values = value.kind() == ValueKind::kSet ? out->mutable_set() : out->mutable_sequence();
      for (const Value& element : value.elements()) Encode(element, values->add_elements());
      return;
    }
    case ValueKind::kRecord: {
      v1::Fields* fields = out->mutable_record();
      for (const auto& [name, field] : value.fields()) {
        v1::NamedValue* named = fields->add_fields();
        named->set_name(name);
        Encode(field, named->mutable_value());
      }
      return;
    }
    case ValueKind::kMap: {
      v1::Entries* entries = out->mutable_map();
      for (const auto& [key, entry] : value.entries()) {
        v1::Entry* pair = entries->add_entries();
        Encode(key, pair->mutable_key());
        Encode(entry, pair->mutable_value());
      }
      return;
    }
    case ValueKind::kUnknown: out->mutable_unknown(); return;
  }
}

void Encode(const EventId& id, v1::EventId* out) {
  out->set_node(id.node);
  out->set_incarnation(id.incarnation);
  out->set_seq(id.seq);
}

void Encode(const Claim& claim, v1::Claim* out) {
  out->set_spec(claim.spec);
  out->set_action(claim.action);
  for (const auto& [name, value] : claim.args.named) {
    v1::NamedValue* argument = out->add_named_args();
    argument->set_name(name);
    Encode(value, argument->mutable_value());
  }
  for (const Value& value : claim.args.positional) Encode(value, out->add_positional_args());
  for (const Read& read : claim.reads) {
    v1::Read* message = out->add_reads();
    message->set_variable(read.location.variable);
    for (const Value& step : read.location.path) Encode(step, message->add_path());
    Encode(read.value, message->mutable_value());
  }
  for (const Update& update : claim.updates) {
    v1::Update* message = out->add_updates();
    message->set_variable(update.location.variable);
    for (const Value& step : update.location.path) Encode(step, message->add_path());
    message->set_op(static_cast<v1::UpdateOp>(update.op));
    Encode(update.value, message->mutable_value());
  }
  for (const auto& [variable, closed] : claim.frame_closed) {
    v1::FrameEntry* entry = out->add_frame();
    entry->set_variable(variable);
    entry->set_closed(closed);
  }
  for (const Claim& step : claim.steps) Encode(step, out->add_steps());
}

void Encode(const Event& event, v1::Event* out) {
  Encode(event.id, out->mutable_id());
  out->set_kind(static_cast<v1::EventKind>(static_cast<int>(event.kind) + 1));
  for (const Claim& claim : event.claims) Encode(claim, out->add_claims());
  for (const auto& [object, version] : event.versions) {
    v1::ObjectVersion* entry = out->add_versions();
    entry->set_object(object);
    entry->set_version(version);
  }
  if (event.hybrid_ns) out->set_hybrid_ns(*event.hybrid_ns);
  if (event.true_ns) out->set_true_ns(*event.true_ns);
  if (event.wall_ns) out->set_wall_ns(*event.wall_ns);
  for (const EventId& cause : event.causes) Encode(cause, out->add_causes());
  for (const auto& [node, position] : event.vclock) {
    v1::EventId* entry = out->add_vclock();
    entry->set_node(node);
    entry->set_incarnation(position.first);
    entry->set_seq(position.second);
  }
  out->set_operation(event.operation);
  if (event.outcome) out->set_outcome(static_cast<v1::Outcome>(static_cast<int>(*event.outcome) + 1));
  if (event.lost_count) out->set_lost_count(*event.lost_count);
  out->set_group(event.group);
}

}  // namespace

void AppendEvent(const Event& event, std::string& out) {
  google::protobuf::Arena arena;
  auto* message = google::protobuf::Arena::CreateMessage<v1::Event>(&arena);
  Encode(event, message);
  message->AppendToString(&out);
}

std::string EncodeEvent(const Event& event) {
  std::string bytes;
  AppendEvent(event, bytes);
  return bytes;
}

std::string EncodeHeader(const Header& header) {
  v1::Header message;
  message.set_format(header.format);
  message.set_run(header.run);
  message.set_node(header.node);
  message.set_incarnation(header.incarnation);
  for (const std::string& node : header.nodes) message.add_nodes(node);
  for (const SpecReference& spec : header.specs) {
    v1::SpecReference* reference = message.add_specs();
    reference->set_name(spec.name);
    reference->set_digest(spec.digest);
  }
  for (const auto& [name, value] : header.constants) {
    v1::NamedValue* constant = message.add_constants();
    constant->set_name(name);
    Encode(value, constant->mutable_value());
  }
  if (header.clock_error_ns) message.set_clock_error_ns(*header.clock_error_ns);
  return message.SerializeAsString();
}

}  // namespace kelpie::trace
