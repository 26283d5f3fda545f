// Code as text, for people and golden tests.
#include "checker/program/compile.h"
#include "tla/resolve/builtins.h"

namespace kelpie::program {

namespace {

class Dumper {
 public:
  Dumper(const Program& program, const Code& code) : program_(program), code_(code) {}

  std::string Run() {
    for (std::size_t i = 0; i < code_.units.size(); ++i) {
      const Unit& unit = code_.units[i];
      out_ += "unit " + std::to_string(i) + (unit.name.empty() ? "" : " " + unit.name) + ": body %" +
              std::to_string(unit.body) + ", slots " + std::to_string(unit.frame_size);
      if (unit.inherited_count > 0) out_ += ", inherited " + std::to_string(unit.inherited_count);
      if (!unit.parameters.empty()) out_ += ", parameters" + Slots(unit.parameters);
      out_ += "\n";
    }
    for (NodeId id = 0; id < code_.nodes.size(); ++id) Line(id);
    return std::move(out_);
  }

 private:
  std::string Slots(const std::vector<SlotId>& slots) {
    std::string text;
    for (const SlotId slot : slots) text += " $" + std::to_string(slot);
    return text;
  }
  std::string Name(std::uint32_t slot) { return program_.spec->variables[slot].name; }
  static std::string Ref(NodeId id) { return id == kNoNode ? " -" : " %" + std::to_string(id); }

  void Line(NodeId id) {
    const Node& node = code_.node(id);
    out_ += "%" + std::to_string(id) + " " + std::string(NameOf(node.op)) + Own(node);
    for (const char field : ChildrenOf(node.op)) Children(node, field);
    const auto& span = program_.expr(node.origin).span;
    out_ += "  @" + std::to_string(span.line) + ":" + std::to_string(span.column);
    if (node.is_step()) out_ += " step";
    if (node.is_described()) out_ += " described";
    out_ += "\n";
  }

  void Children(const Node& node, char field) {
    switch (field) {
      case 'a': out_ += Ref(node.a); return;
      case 'b': out_ += Ref(node.b); return;
      case 'c': out_ += Ref(node.c); return;
      case 'l':
        for (const NodeId child : code_.list(node)) out_ += Ref(child);
        return;
      case 'B':
        for (const Binder& binder : code_.bound(node)) {
          out_ += binder.is_tuple ? " <" + Slots(binder.slots) + " > in" : Slots(binder.slots) + " in";
          out_ += Ref(binder.set);
        }
        return;
      default:
        for (const Update& update : code_.updates_of(node)) {
          out_ += " [";
          for (const NodeId step : update.path) out_ += Ref(step);
          out_ += " ] @$" + std::to_string(update.at) + " =" + Ref(update.value);
        }
    }
  }

  // What a node has besides children.
  std::string Own(const Node& node) {
    switch (node.op) {
      case Opcode::kLiteral: return " " + Text(code_.literals[node.a]);
      case Opcode::kConstant: return " " + program_.spec->constants[node.a].name;
      case Opcode::kVariable:
      case Opcode::kNextVariable:
      case Opcode::kAssign:
      case Opcode::kAssignIn:
      case Opcode::kAssignSubset:
      case Opcode::kUnchanged: return " " + Name(node.a);
      case Opcode::kLocal:
      case Opcode::kMemo: return " $" + std::to_string(node.a);
      case Opcode::kInline: {
        const Call& call = code_.calls[node.b];
        std::string text = call.definition.is_valid() ? " " + program_.spec->definition(call.definition).name : " LET";
        if (!call.memo_slots.empty()) text += " clears" + Slots(call.memo_slots);
        return text;
      }
      case Opcode::kCall: return " " + code_.units[node.a].name;
      case Opcode::kError: return " \"" + code_.messages[node.a] + "\"";
      case Opcode::kModuleOperator: return " " + std::string(resolve::InfoOf(code_.builtins[node.a]).text);
      case Opcode::kRecord:
      case Opcode::kRecordSet: {
        std::string text;
        for (std::uint32_t i = 0; i < node.list_size; ++i) text += " " + code_.literals[node.a + i].text;
        return text + ":";
      }
      default: return "";
    }
  }

  static std::string Text(const Literal& literal) {
    switch (literal.kind) {
      case Literal::Kind::kBool: return literal.integer != 0 ? "TRUE" : "FALSE";
      case Literal::Kind::kInt: return std::to_string(literal.integer);
      case Literal::Kind::kString: return "\"" + literal.text + "\"";
      case Literal::Kind::kModelValue: return literal.text;
    }
    return "?";
  }

  const Program& program_;
  const Code& code_;
  std::string out_;
};

}  // namespace

std::string DumpCode(const Program& program, const Code& code) { return Dumper(program, code).Run(); }

}  // namespace kelpie::program
