#include "checker/eval/library.h"

#include "checker/eval/scopes.h"
#include "tla/resolve/builtins.h"

namespace kelpie::eval {

Operands::Operands(Machine& machine, NodeId at, const Node& node, Value* frame)
    : machine_(machine),
      at_(at),
      builtin_(machine.code_->builtins[node.a]),
      nodes_(machine.code_->list(node)),
      frame_(frame) {}

std::string_view Operands::name() const { return resolve::InfoOf(builtin_).text; }

const EvalOptions& Operands::options() const { return machine_.options_; }

FileValues& Operands::files() { return machine_.files_; }

void Operands::Fail(ErrorKind kind, std::string message, std::string hint) {
  machine_.Fail(kind, std::move(message), at_, std::move(hint));
}

void Operands::Expected(std::size_t i, const char* what, const Value& found) {
  machine_.Fail(ErrorKind::kType, std::string(name()) + " expects " + what + ", found " + ToString(found), nodes_[i]);
}

Value Operands::Any(std::size_t i) { return machine_.Finite(nodes_[i], frame_); }

Value Operands::Set(std::size_t i) {
  Value value = Any(i);
  if (!value.is_set()) Expected(i, "a set", value);
  return value;
}

Value Operands::Function(std::size_t i) {
  Value value = Any(i);
  if (!value.is_function()) Expected(i, "a function", value);
  return value;
}

Value Operands::Applicable(std::size_t i) {
  Value value = machine_.Eval(nodes_[i], frame_);
  if (!value.is_function() && !value.is_lazy()) Expected(i, "a function", value);
  return value;
}

Value Operands::Sequence(std::size_t i) {
  Value value = Any(i);
  if (!value.is_sequence()) Expected(i, "a sequence", value);
  return value;
}

Value Operands::SequenceOrText(std::size_t i) {
  Value value = Any(i);
  if (!value.is_sequence() && value.kind() != ValueKind::kString) Expected(i, "a sequence or string", value);
  return value;
}

Value Operands::Record(std::size_t i) {
  Value value = Any(i);
  const bool is_empty = value.is_function() && value.size() == 0;
  if (!is_empty && !value.is_record()) Expected(i, "a record", value);
  return value;
}

std::string Operands::Text(std::size_t i) {
  const Value value = Any(i);
  if (value.kind() != ValueKind::kString) Expected(i, "a string", value);
  return value.symbol().text();
}

std::int64_t Operands::Int(std::size_t i) {
  const Value value = Any(i);
  if (!value.is_int()) Expected(i, "an integer", value);
  return value.as_int();
}

bool Operands::Bool(std::size_t i) {
  const Value value = Any(i);
  if (!value.is_bool()) Expected(i, "TRUE or FALSE", value);
  return value.as_bool();
}

Value Operands::Call(std::size_t i, std::initializer_list<const Value*> args) {
  return machine_.CallLambda(nodes_[i], frame_, args);
}

bool Operands::Test(std::size_t i, std::initializer_list<const Value*> args) {
  const Value value = Call(i, args);
  if (!value.is_bool()) Expected(i, "an operator that gives TRUE or FALSE", value);
  return value.as_bool();
}

bool Operands::Each(std::size_t i, ElementVisitor visit) { return machine_.ForEach(nodes_[i], frame_, visit); }

bool Operands::IsIn(std::size_t i, const Value& element) {
  return machine_.Contains(nodes_[i], frame_, element, nodes_[i]);
}

bool Operands::Equal(const Value& a, const Value& b) { return machine_.EqualValues(a, b, at_); }

bool Operands::Contains(const Value& set, const Value& element) { return machine_.ContainsValue(set, element, at_); }

Value Operands::Apply(const Value& function, const Value& argument) {
  if (function.is_lazy()) return machine_.ApplyRule(function, argument, at_);
  return machine_.ApplyTo(function, argument, at_);
}

bool Operands::Refuse(const Value& value, const char* what) {
  if (value.kind() != ValueKind::kModelValue) machine_.FailMember(value, what, at_);
  return false;
}

Value Operands::MakeSet(std::vector<Value> elements) {
  CheckSize(elements.size());
  return machine_.SetOf(std::move(elements), at_);
}

Value Operands::MakeFunction(std::vector<std::pair<Value, Value>> entries) {
  std::vector<Value> keys;
  keys.reserve(entries.size());
  for (const auto& [key, value] : entries) keys.push_back(key);
  const Value domain = MakeSet(std::move(keys));
  std::map<Value, const Value*, ValueLess> by_key;
  for (const auto& [key, value] : entries) by_key.emplace(key, &value);
  ValueBuilder values(domain.size());
  for (const Value& key : domain.items()) values.Add(*by_key.at(key));
  return values.TakeFunction(domain);
}

std::int64_t Operands::IntOf(const Value& value) {
  if (!value.is_int()) Fail(ErrorKind::kType, std::string(name()) + " expects integers, found " + ToString(value));
  return value.as_int();
}

bool Operands::BoolOf(const Value& value) {
  if (!value.is_bool())
    Fail(ErrorKind::kType, std::string(name()) + " expects TRUE or FALSE, found " + ToString(value));
  return value.as_bool();
}

std::int64_t Operands::Plus(std::int64_t a, std::int64_t b) { return machine_.ArithmeticOn(Opcode::kPlus, a, b, at_); }

std::int64_t Operands::Times(std::int64_t a, std::int64_t b) {
  return machine_.ArithmeticOn(Opcode::kTimes, a, b, at_);
}

void Operands::CheckSize(std::size_t size) { machine_.CheckSize(size, at_); }

std::int64_t LengthOf(const Value& value) {
  return static_cast<std::int64_t>(value.kind() == ValueKind::kString ? value.symbol().text().size() : value.size());
}

Value PartOf(Operands& o, const Value& value, std::int64_t from, std::int64_t to) {
  const bool is_text = value.kind() == ValueKind::kString;
  if (from > to) return is_text ? Value::String("") : Value::Sequence({});
  if (from < 1 || to > LengthOf(value)) {
    o.Fail(ErrorKind::kOutsideDomain, std::string(o.name()) + " would take places " + std::to_string(from) + " to " +
                                          std::to_string(to) + " of a sequence of length " +
                                          std::to_string(LengthOf(value)));
  }
  const auto first = static_cast<std::size_t>(from - 1);
  const auto size = static_cast<std::size_t>(to - from + 1);
  if (is_text) return Value::String(value.symbol().text().substr(first, size));
  ValueBuilder builder(size);
  for (std::size_t i = 0; i < size; ++i) builder.Add(value.items()[first + i]);
  return builder.TakeSequence();
}

Value Join(Operands& o, const Value& left, const Value& right) {
  if (left.kind() == ValueKind::kString && right.kind() == ValueKind::kString)
    return Value::String(left.symbol().text() + right.symbol().text());
  if (!left.is_sequence() || !right.is_sequence()) {
    o.Fail(ErrorKind::kType, std::string(o.name()) + " would put " + ToString(left) + " and " + ToString(right) +
                                 " together, which are not two sequences");
  }
  ValueBuilder builder(left.size() + right.size());
  for (const Value& item : left.items()) builder.Add(item);
  for (const Value& item : right.items()) builder.Add(item);
  return builder.TakeSequence();
}

const LibraryTable& Library() {
  static const LibraryTable table = [] {
    LibraryTable made;
    AddSets(made);
    AddFunctions(made);
    AddSequences(made);
    AddSubsequences(made);
    AddNumbers(made);
    AddRelations(made);
    AddOrders(made);
    AddGraphs(made);
    AddClocks(made);
    AddFiles(made);
    AddJson(made);
    AddDiagrams(made);
    AddPictures(made);
    return made;
  }();
  return table;
}

Value Machine::EvalLibrary(NodeId id, const Node& node, Value* f) {
  const Builtin builtin = code_->builtins[node.a];
  const LibraryFunction function = Library().Function(builtin);
  if (function == nullptr) {
    const resolve::BuiltinInfo& info = resolve::InfoOf(builtin);
    Fail(ErrorKind::kUnsupported,
         std::string(info.text) + " of module " + std::string(info.module) + " cannot be evaluated", id,
         "checker/eval/README.md lists the operators of community modules that cannot, and why");
  }
  Operands operands(*this, id, node, f);
  return function(operands);
}

// Requires: a described set.
bool Machine::IsFiniteLibrarySet(const Node& node, Value* f) {
  const Builtin builtin = code_->builtins[node.a];
  if (builtin == Builtin::kGraphPath || builtin == Builtin::kUndirectedPath) return false;
  for (const NodeId part : code_->list(node)) {
    if (nodes_[part].is_described() && !IsFinite(part, f)) return false;
  }
  return true;
}

bool Machine::IsAskedLibrarySet(const Node& node) const { return Library().Member(code_->builtins[node.a]) != nullptr; }

// Asked where the module says how; listed otherwise.
bool Machine::InLibrarySet(NodeId id, const Node& node, Value* f, const Value& value, NodeId at) {
  const LibraryMember member = Library().Member(code_->builtins[node.a]);
  if (member == nullptr) return ContainsValue(Eval(id, f), value, at);
  Operands operands(*this, id, node, f);
  return member(operands, value);
}

}  // namespace kelpie::eval
