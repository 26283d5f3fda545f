// What was observed of a value: all of it, or a shape with unknown leaves.
//
//   Result<Pattern> p = reader.Read(trace_value);
//   if (!p->Agrees(state_value)) ...
//
// Agreement is docs/SEMANTICS.md part 2: unknown agrees with everything; scalars and sets by
// equality, where what TLC refuses to compare disagrees; records, functions and sequences by
// equal DOMAIN and entry by entry. Agreement never errs.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "checker/eval/value.h"
#include "trace/value/value.h"

namespace kelpie::observe {

// Why a trace cannot be about this spec, or is no trace: exit 3.
struct BadInput {
  std::string code;     // stable, e.g. "unknown-variable"
  std::string message;  // lower case, no full stop: the situation, then the rule
  std::string found;
  std::string expected;
  std::string hint;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : data_(std::move(value)) {}         // NOLINT: implicit on purpose
  Result(BadInput error) : data_(std::move(error)) {}  // NOLINT
  [[nodiscard]] bool ok() const { return data_.index() == 0; }
  [[nodiscard]] T& value() { return std::get<0>(data_); }
  [[nodiscard]] const T& value() const { return std::get<0>(data_); }
  [[nodiscard]] const BadInput& error() const { return std::get<1>(data_); }

 private:
  std::variant<T, BadInput> data_;
};

class Pattern {
 public:
  enum class Kind : std::uint8_t { kUnknown, kExact, kFunction };

  [[nodiscard]] static Pattern Unknown() { return Pattern(); }
  [[nodiscard]] static Pattern Exact(eval::Value value);
  // Requires: keys are distinct. Entries with unknown parts; exact ones are folded to kExact.
  [[nodiscard]] static Pattern Function(std::vector<std::pair<eval::Value, Pattern>> entries);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_unknown() const { return kind_ == Kind::kUnknown; }
  [[nodiscard]] bool is_exact() const { return kind_ == Kind::kExact; }
  [[nodiscard]] const eval::Value& value() const { return value_; }  // kExact

  [[nodiscard]] bool Agrees(const eval::Value& value) const;
  // As TLA+ text, `?` for what is unknown.
  [[nodiscard]] std::string ToString() const;

 private:
  Kind kind_ = Kind::kUnknown;
  eval::Value value_;
  std::vector<std::pair<eval::Value, Pattern>> entries_;  // sorted by key
};

// Turns trace values into the evaluator's. A string stands for a model value of its name only
// when the model or the trace's header declares that name and the spec has no such string.
class ValueReader {
 public:
  explicit ValueReader(std::set<std::string> model_values) : model_values_(std::move(model_values)) {}

  [[nodiscard]] Result<Pattern> Read(const trace::Value& value) const;
  // Requires all of it to be known; `what` and `name` name it in the error.
  [[nodiscard]] Result<eval::Value> ReadExact(const trace::Value& value, std::string_view what,
                                              std::string_view name = {}) const;
  [[nodiscard]] eval::Value ReadName(const std::string& text) const;

 private:
  // The value when all of it is known and well formed; the slow way says what is wrong.
  [[nodiscard]] std::optional<eval::Value> TryExact(const trace::Value& value) const;
  [[nodiscard]] std::optional<eval::Value> TryCollection(const trace::Value& value) const;
  Result<Pattern> ReadEntries(std::vector<std::pair<eval::Value, const trace::Value*>> entries) const;
  std::set<std::string> model_values_;
  mutable std::unordered_map<std::string, eval::Value> names_;  // each text met, as what it stands for
};

}  // namespace kelpie::observe
