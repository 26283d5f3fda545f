// TLCGet and TLCSet of names: what is known of the exploration that runs.
#include "checker/eval/running.h"
#include "checker/eval/scopes.h"

namespace kelpie::eval {

namespace {

Value Number(std::uint64_t number) { return Value::Int(static_cast<std::int64_t>(number)); }

std::int64_t Seconds(const RunningExploration& running) { return running.seconds ? running.seconds() : 0; }

Value Statistics(const RunningExploration& running) {
  std::vector<std::pair<Symbol, Value>> fields{{Intern("duration"), Value::Int(Seconds(running))},
                                               {Intern("generated"), Number(running.generated_count)},
                                               {Intern("worker"), Value::Int(0)}};  // the first of one
  if (running.behavior_count) {
    fields.emplace_back(Intern("traces"), Number(*running.behavior_count));
  } else {
    fields.emplace_back(Intern("diameter"), Number(running.diameter));
    fields.emplace_back(Intern("distinct"), Number(running.distinct_count));
    fields.emplace_back(Intern("initial"), Number(running.initial_count));
    fields.emplace_back(Intern("queue"), Number(running.queue_count));
  }
  return Value::Record(std::move(fields));
}

constexpr std::string_view kComposition = "-Dtlc2.tool.impl.Tool.cdot";  // whether A \cdot B may be evaluated

}  // namespace

// Keys of registers: naturals, and texts that begin so, as TLC has them.
bool Machine::IsRegister(const Value& key) {
  if (key.is_int()) return key.as_int() >= 0;
  if (key.kind() != ValueKind::kString) return false;
  const std::string& text = key.symbol().text();
  return text.starts_with("s:") || text.starts_with("-D");
}

Value Machine::RunningValue(const Value& key, bool is_primed, NodeId id) {
  const std::string name = key.kind() == ValueKind::kString ? key.symbol().text() : "";
  // A setting of TLC's that was never set is its own name; actions are always composed here.
  if (name.starts_with("-D")) return name == kComposition ? Value::String("true") : key;
  if (IsRegister(key)) Fail(ErrorKind::kOutsideDomain, "TLCGet(" + ToString(key) + ") was never set", id);
  if (name.empty()) Fail(ErrorKind::kType, "TLCGet expects a natural number or a name, found " + ToString(key), id);
  if (name == "all") return AllRegisters();
  if (options_.running == nullptr)
    Fail(ErrorKind::kUnsupported, "TLCGet(\"" + name + "\") depends on a running exploration", id);
  const RunningExploration& running = *options_.running;
  const bool is_simulation = running.behavior_count.has_value();
  if (name == "level") {
    const std::optional<std::uint64_t> level = is_primed ? running.next_level : running.level;
    if (level) return Number(*level);
    Fail(ErrorKind::kUnsupported, "TLCGet(\"level\") has no value in a temporal property", id,
         "a state may have several behaviors that lead to it");
  }
  if (name == "duration") return Value::Int(Seconds(running));
  if (name == "diameter") return Number(running.behavior_count.value_or(running.diameter));
  if (name == "generated") return Number(running.generated_count);
  if (name == "distinct" && !is_simulation) return Number(running.distinct_count);
  if (name == "queue" && !is_simulation) return Number(running.queue_count);
  if (name == "stats") return Statistics(running);
  if (name == "config" && running.config.is_record()) return running.config;
  if (name == "spec" && running.spec) return running.spec();
  Fail(ErrorKind::kUnsupported, "TLCGet(\"" + name + "\") is not known" + (is_simulation ? " of a simulation" : ""), id,
       "known are all, config, diameter, distinct, duration, generated, level, queue, spec and stats, names that begin "
       "with s: or -D, and natural numbers");
}

// The behavior up to the present state, as records.
Value Machine::TraceValue(NodeId id) {
  const RunningExploration* running = options_.running.get();
  const bool is_known = running != nullptr && running->behavior && running->level && now_.state != nullptr;
  if (!is_known || *running->level == 0)
    Fail(ErrorKind::kUnsupported, "Trace depends on a running exploration, and on a state", id);
  std::vector<Value> records;
  for (const State& before : running->behavior(*running->level - 1)) records.push_back(RecordOf(before.data()));
  records.push_back(RecordOf(now_.state));
  return Value::Sequence(std::move(records));
}

Value Machine::RecordOf(const Value* state) const {
  std::vector<std::pair<Symbol, Value>> fields;
  for (std::size_t slot = 0; slot < spec_.variables.size(); ++slot) {
    fields.emplace_back(Intern(spec_.variables[slot].name), state[slot]);
  }
  return Value::Record(std::move(fields));
}

// Of a counterexample: all its states, or which one is the present one.
Value Machine::ToolboxValue(Builtin builtin, NodeId id) {
  const RunningExploration* running = options_.running.get();
  if (running == nullptr || !running->counterexample || !running->level)
    Fail(ErrorKind::kUnsupported, "_TETrace and _TEPosition have values in the ALIAS of a counterexample alone", id);
  if (builtin == Builtin::kTePosition) return Number(*running->level);
  std::vector<Value> records;
  for (const State& state : running->counterexample()) records.push_back(RecordOf(state.data()));
  return Value::Sequence(std::move(records));
}

// As each of TLC's workers would tell: there is one.
Value Machine::AllRegisters() const {
  std::vector<Value> keys;
  ValueBuilder values(registers_.size());
  for (const auto& [key, value] : registers_) {
    if (!key.is_int()) continue;
    keys.push_back(key);
    values.Add(Value::Sequence({value}));
  }
  return values.TakeFunction(Value::SetFromSorted(std::move(keys)));
}

void Machine::SetRunning(const Value& key, const Value& value, NodeId id) {
  const bool is_exit = key.kind() == ValueKind::kString && key.symbol().text() == "exit";
  if (is_exit && options_.running != nullptr) {
    if (value.is_bool() && value.as_bool()) options_.running->is_exit_wanted = true;
    return;
  }
  if (is_exit) Fail(ErrorKind::kUnsupported, "TLCSet(\"exit\") depends on a running exploration", id);
  Fail(ErrorKind::kType, "TLCSet expects a natural number or \"exit\", found " + ToString(key), id,
       "names of registers begin with s:");
}

}  // namespace kelpie::eval
