// Operators of the community modules: what each is given, and the table that finds it.
//
//   table.Set(Builtin::kLast, [](Operands& o) { return o.NonEmptySequence(0).items().back(); });
//
// A family of modules is one file, lib_*.cpp, which fills its part of the table. Meaning and order are those of TLC
// with the modules' own Java classes where they have some; checker/eval/README.md lists where not.
// Threads: the table is made once and then only read; Operands belong to one evaluation.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "checker/eval/machine.h"

namespace kelpie::eval {

// The arguments of one application. Each accessor evaluates argument `i`, and fails at its place when it is not what
// was asked for. An argument is evaluated once for every call.
class Operands {
 public:
  Operands(Machine& machine, NodeId at, const Node& node, Value* frame);

  [[nodiscard]] std::size_t count() const { return nodes_.size(); }
  [[nodiscard]] std::string_view name() const;  // of the operator, for messages
  [[nodiscard]] Value Any(std::size_t i);
  [[nodiscard]] Value Set(std::size_t i);
  [[nodiscard]] Value Function(std::size_t i);
  // A function, also one given by a rule over an infinite set: for Apply alone.
  [[nodiscard]] Value Applicable(std::size_t i);
  [[nodiscard]] Value Sequence(std::size_t i);
  [[nodiscard]] Value SequenceOrText(std::size_t i);
  [[nodiscard]] Value Record(std::size_t i);  // a function over strings, or one with an empty DOMAIN
  [[nodiscard]] std::string Text(std::size_t i);
  [[nodiscard]] std::int64_t Int(std::size_t i);
  [[nodiscard]] bool Bool(std::size_t i);

  // Argument `i` is an operator: its value for these arguments.
  [[nodiscard]] Value Call(std::size_t i, std::initializer_list<const Value*> args);
  [[nodiscard]] bool Test(std::size_t i, std::initializer_list<const Value*> args);
  // Elements of the set that argument `i` is, in order, without making it. False: a visitor stopped.
  bool Each(std::size_t i, ElementVisitor visit);
  // Is it in the set that argument `i` is? Asked, not listed.
  [[nodiscard]] bool IsIn(std::size_t i, const Value& element);

  // TLA+ equality and membership; refuse what TLC refuses.
  [[nodiscard]] bool Equal(const Value& a, const Value& b);
  [[nodiscard]] bool Contains(const Value& set, const Value& element);
  // f[x]; fails outside the DOMAIN.
  [[nodiscard]] Value Apply(const Value& function, const Value& argument);
  [[nodiscard]] Value MakeSet(std::vector<Value> elements);
  [[nodiscard]] Value MakeFunction(std::vector<std::pair<Value, Value>> entries);  // distinct keys
  [[nodiscard]] std::int64_t IntOf(const Value& value);
  [[nodiscard]] bool BoolOf(const Value& value);
  [[nodiscard]] std::int64_t Plus(std::int64_t a, std::int64_t b);
  [[nodiscard]] std::int64_t Times(std::int64_t a, std::int64_t b);
  // Is `value`, which has the wrong kind for it, in a set of `what`? A model value is not; others are refused.
  [[nodiscard]] bool Refuse(const Value& value, const char* what);
  // Fails when a set or function of that many elements is beyond the limit.
  void CheckSize(std::size_t size);

  [[noreturn]] void Fail(ErrorKind kind, std::string message, std::string hint = {});
  [[noreturn]] void Expected(std::size_t i, const char* what, const Value& found);
  [[nodiscard]] const EvalOptions& options() const;
  // What this evaluator has read; a file that it writes is forgotten.
  [[nodiscard]] FileValues& files();

 private:
  Machine& machine_;
  NodeId at_;
  Builtin builtin_;
  std::span<const NodeId> nodes_;
  Value* frame_;
};

using LibraryFunction = Value (*)(Operands&);
// Is a value an element of the set that the application stands for?
using LibraryMember = bool (*)(Operands&, const Value&);

class LibraryTable {
 public:
  void Set(Builtin builtin, LibraryFunction function) { At(builtin).function = function; }
  void SetMember(Builtin builtin, LibraryMember member) { At(builtin).member = member; }
  // Null when there is none.
  [[nodiscard]] LibraryFunction Function(Builtin builtin) const { return At(builtin).function; }
  [[nodiscard]] LibraryMember Member(Builtin builtin) const { return At(builtin).member; }

 private:
  struct Entry {
    LibraryFunction function = nullptr;
    LibraryMember member = nullptr;
  };
  [[nodiscard]] const Entry& At(Builtin builtin) const { return entries_[static_cast<std::size_t>(builtin)]; }
  [[nodiscard]] Entry& At(Builtin builtin) { return entries_[static_cast<std::size_t>(builtin)]; }
  std::vector<Entry> entries_ = std::vector<Entry>(std::size_t{1} << 10);  // more than there are operators
};

// Made when first asked for.
[[nodiscard]] const LibraryTable& Library();

// SubSeq(value, from, to) of a sequence or string, and \o of two of one kind.
[[nodiscard]] Value PartOf(Operands& o, const Value& value, std::int64_t from, std::int64_t to);
[[nodiscard]] Value Join(Operands& o, const Value& left, const Value& right);
[[nodiscard]] std::int64_t LengthOf(const Value& sequence_or_text);

// The whole file; nothing when there is none of that name. Fails when it may not be read, or is too large.
[[nodiscard]] std::optional<std::string> ReadFile(Operands& o, const std::string& path);
// Writes a file inside the folder that may be written to; fails elsewhere. What was read of it is forgotten.
void WriteFile(Operands& o, const std::string& path, const std::string& text, bool is_appended);
// As ToJsonObject.
[[nodiscard]] std::string JsonObjectText(const Value& function);
// [exitValue, stdout, stderr]
[[nodiscard]] Value TextOutcome(std::int64_t exit_code, const std::string& out, const std::string& err);

// Truth values by two places of a set.
class Matrix {
 public:
  // Fails when it is beyond the limit of a set.
  Matrix(Operands& o, std::size_t size);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint8_t& at(std::size_t i, std::size_t j) { return cells_[i * size_ + j]; }
  [[nodiscard]] std::uint8_t at(std::size_t i, std::size_t j) const { return cells_[i * size_ + j]; }
  // Of one or more steps. Source: Warshall, A Theorem on Boolean Matrices (JACM 9, 1962). Cost: cubic.
  void Close();
  [[nodiscard]] Matrix Reflexive() const;
  [[nodiscard]] bool IsFull() const;
  // As a function of pairs of elements.
  [[nodiscard]] Value ToFunction(Operands& o, const Value& set) const;

 private:
  std::size_t size_;
  std::vector<std::uint8_t> cells_;
};

void AddSets(LibraryTable& table);          // Folds, FiniteSetsExt, Quorum
void AddFunctions(LibraryTable& table);     // Functions, BagsExt
void AddSequences(LibraryTable& table);     // SequencesExt: elements and folds
void AddSubsequences(LibraryTable& table);  // SequencesExt: parts of sequences
void AddNumbers(LibraryTable& table);       // Bitwise, Combinatorics, Statistics, DyadicRationals
void AddRelations(LibraryTable& table);     // Relation
void AddOrders(LibraryTable& table);        // NaturalsInduction, WellFoundedInduction
void AddGraphs(LibraryTable& table);        // Graphs, UndirectedGraphs
void AddClocks(LibraryTable& table);        // VectorClocks
void AddFiles(LibraryTable& table);         // IOUtils, CSV
void AddJson(LibraryTable& table);          // Json
void AddDiagrams(LibraryTable& table);      // GraphViz, ShiViz
void AddPictures(LibraryTable& table);      // SVG

}  // namespace kelpie::eval
