// The ways through Next as lists of conjuncts; the room's own header.
//
// As the concrete search: depth first, disjuncts and \E give ways of their own, text order. What is
// bound or assigned without being known is an unknown whose shape its set gives.
#pragma once

#include <functional>

#include "checker/symbolic/guard_solver.h"
#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

struct WayConjunct {
  NodeId node = program::kNoNode;  // kNoNode: an observation
  Term term;
};

// A bound variable on the way and its value.
struct WayBinding {
  std::string name;
  SymValue value;
};

struct Way {
  std::vector<WayConjunct> conjuncts;
  Term condition;            // all of them
  std::vector<Term> errors;  // met on it, with the conditions under which they are
  std::vector<WayBinding> bindings;
  std::vector<std::optional<SymValue>> next;
  eval::DefinitionId action;                        // named last; invalid: none
  std::vector<std::optional<SymValue>> parameters;  // of that action, where they are values
  bool is_finished = false;                         // else it ends at its last conjunct, which is false
};

class StepWalker {
 public:
  StepWalker(SymEvaluator& evaluator, const GuardRequest& request) : e_(evaluator), request_(request) {}

  void Walk(NodeId root);
  [[nodiscard]] std::vector<Way>& ways() { return ways_; }
  [[nodiscard]] const std::optional<Incomplete>& incomplete() const { return incomplete_; }

 private:
  using Continuation = const std::function<void()>&;

  TermPool& pool() { return e_.pool(); }
  const Node& node(NodeId id) const { return e_.code().node(id); }
  void Act(NodeId id, bool is_named, Continuation k);
  void ActAnd(const Node& n, std::size_t index, bool is_named, Continuation k);
  void ActBranches(NodeId id, const Node& n, bool is_named, Continuation k);
  void ActExists(NodeId id, const Node& n, std::size_t binder, std::size_t slot, bool is_named, Continuation k);
  void ActForAll(const Node& n, const std::vector<std::vector<SymValue>>& bindings, std::size_t index, Continuation k);
  void ActInline(NodeId id, const Node& n, bool is_named, Continuation k);
  void ActCall(NodeId id, const Node& n, bool is_named, Continuation k);
  void ActAssign(NodeId id, const Node& n, Continuation k);
  void ActMember(NodeId id, const Node& n, Continuation k);
  void ActLeaf(NodeId id, Continuation k);
  void Assign(NodeId id, std::uint32_t slot, const std::function<SymValue()>& value, Continuation k);
  void Enter(const program::Call& call, NodeId id, Continuation k);
  // Adds a conjunct and goes on unless it cannot hold.
  void Conjoin(NodeId id, Term term, Continuation k);
  // The values of a piece of evaluation, one way each; errors and gaps end the way.
  void ForEachCase(NodeId id, const std::function<std::vector<Case>()>& body,
                   const std::function<void(const SymValue&)>& k);
  Term Truth(NodeId id, const std::function<Term()>& body);
  void Finish();
  Term Agrees(const PlaceFact& fact);
  void NoteGap(const Unsupported& gap);
  bool CanReach(NodeId id) const;
  std::optional<eval::Value> Claimed(const Binder& binder, std::size_t slot) const;
  bool IsPinned(std::uint32_t slot) const;

  SymEvaluator& e_;
  const GuardRequest& request_;
  Way way_;
  std::vector<Way> ways_;
  std::optional<Incomplete> incomplete_;
  bool is_entered_ = false;
  std::size_t call_depth_ = 0;
};

}  // namespace kelpie::symbolic
