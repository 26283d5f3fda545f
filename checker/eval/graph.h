// Graphs of the modules Graphs and UndirectedGraphs: [node |-> N, edge |-> E].
//
//   const Graph g(operands, 0);
//   g.Arcs()[0]                    // where the edges from the first node lead
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "checker/eval/library.h"

namespace kelpie::eval {

// kDirected: an edge is a pair of nodes. kUndirected: a set of one or two.
enum class Shape : std::uint8_t { kDirected, kUndirected };

inline Value Pair(const Value& from, const Value& to) { return Value::Sequence({from, to}); }

inline Value MakeGraph(const Value& node, const Value& edge) {
  return Value::Record({{Intern("node"), node}, {Intern("edge"), edge}});
}

// An argument that is a graph; fails when it is none.
class Graph {
 public:
  Graph(Operands& o, std::size_t argument, Shape shape = Shape::kDirected) : o_(o), shape_(shape) {
    value_ = o.Any(argument);
    const bool is_record = value_.is_record();
    const Value* node = is_record ? value_.Apply(Value::String("node")) : nullptr;
    const Value* edge = is_record ? value_.Apply(Value::String("edge")) : nullptr;
    if (node == nullptr || edge == nullptr || !node->is_set() || !edge->is_set())
      o.Expected(argument, "a graph, [node |-> a set, edge |-> a set]", value_);
    node_ = *node;
    edge_ = *edge;
  }

  [[nodiscard]] const Value& node() const { return node_; }
  [[nodiscard]] const Value& edge() const { return edge_; }
  [[nodiscard]] std::span<const Value> nodes() const { return node_.items(); }
  [[nodiscard]] std::span<const Value> edges() const { return edge_.items(); }
  [[nodiscard]] bool has_more_fields() const { return value_.size() > 2; }
  [[nodiscard]] bool HasEdge(const Value& from, const Value& to) const { return o_.Contains(edge_, EdgeOf(from, to)); }
  [[nodiscard]] Value EdgeOf(const Value& from, const Value& to) const {
    return shape_ == Shape::kDirected ? Pair(from, to) : o_.MakeSet({from, to});
  }

  [[nodiscard]] std::optional<std::size_t> PlaceOf(const Value& node) const {
    if (!o_.Contains(node_, node)) return std::nullopt;
    const auto all = nodes();
    return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), node, ValueLess()) - all.begin());
  }

  // Both ends of an edge as places; nothing when it is no edge between nodes of the graph.
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> EndsOf(const Value& edge) const {
    const bool is_directed = shape_ == Shape::kDirected;
    if (is_directed ? !edge.is_sequence() || edge.size() != 2 : !edge.is_set() || edge.size() == 0 || edge.size() > 2)
      return std::nullopt;
    const std::optional<std::size_t> from = PlaceOf(edge.items().front());
    const std::optional<std::size_t> to = PlaceOf(edge.items().back());
    if (!from || !to) return std::nullopt;
    return std::pair(*from, *to);
  }

  // Where the edges lead, by place; an edge of an undirected graph leads both ways.
  [[nodiscard]] std::vector<std::vector<std::size_t>> Arcs(bool is_reversed = false) const {
    std::vector<std::vector<std::size_t>> arcs(nodes().size());
    for (const Value& edge : edges()) {
      const auto ends = EndsOf(edge);
      if (!ends) continue;
      const auto [from, to] = *ends;
      const bool is_both = shape_ == Shape::kUndirected && from != to;
      if (!is_reversed || is_both) arcs[from].push_back(to);
      if (is_reversed || is_both) arcs[to].push_back(from);
    }
    return arcs;
  }

  // As a relation, asked pair by pair.
  [[nodiscard]] Matrix Edges() const {
    Matrix matrix(o_, nodes().size());
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      for (std::size_t j = 0; j < matrix.size(); ++j) matrix.at(i, j) = HasEdge(nodes()[i], nodes()[j]);
    }
    return matrix;
  }

  [[nodiscard]] Matrix Reached() const {
    Matrix matrix = Edges();
    matrix.Close();
    return matrix;
  }

 private:
  Operands& o_;
  Shape shape_;
  Value value_;
  Value node_;
  Value edge_;
};

}  // namespace kelpie::eval
