// Graphs and UndirectedGraphs: [node |-> N, edge |-> E]; an edge is a pair of nodes, or a set of one or two.
#include <algorithm>

#include "checker/eval/graph.h"

namespace kelpie::eval {

namespace {

std::vector<bool> ReachedFrom(std::size_t start, const std::vector<std::vector<std::size_t>>& arcs) {
  std::vector<bool> is_reached(arcs.size(), false);
  std::vector<std::size_t> open{start};
  is_reached[start] = true;
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::size_t next : arcs[at]) {
      if (is_reached[next]) continue;
      is_reached[next] = true;
      open.push_back(next);
    }
  }
  return is_reached;
}

bool IsDirectedGraph(Operands& o, const Graph& g) {
  if (g.has_more_fields()) return false;
  for (const Value& edge : g.edges()) {
    if (!edge.is_sequence()) {
      if (!edge.is_function()) (void)o.Refuse(edge, "a set of pairs");
      return false;
    }
    if (!g.EndsOf(edge)) return false;
  }
  return true;
}

bool HasReverses(const Graph& g) {
  return std::all_of(g.edges().begin(), g.edges().end(),
                     [&](const Value& edge) { return g.HasEdge(edge.items()[1], edge.items()[0]); });
}

bool IsUndirectedGraph(Operands& o, const Graph& g, bool is_loop_free) {
  if (g.has_more_fields()) return false;
  for (const Value& edge : g.edges()) {
    if (!edge.is_set()) return o.Refuse(edge, "a set of edges");
    if (!g.EndsOf(edge) || (is_loop_free && edge.size() == 1)) return false;
  }
  return true;
}

std::vector<Value> SubsetsOf(Operands& o, std::span<const Value> items) {
  constexpr std::size_t kBaseMax = 30;
  o.CheckSize(items.size() > kBaseMax ? SIZE_MAX : std::size_t{1} << items.size());
  std::vector<Value> all;
  for (std::size_t bits = 0; bits < std::size_t{1} << items.size(); ++bits) {
    ValueBuilder subset(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      if ((bits >> i & 1) != 0) subset.Add(items[i]);
    }
    all.push_back(subset.TakeSet());
  }
  return all;
}

// All graphs of some of the nodes and some of the edges between them; `is_symmetric`: with each edge its reverse.
Value Subgraphs(Operands& o, Shape shape, bool is_symmetric) {
  const Graph g(o, 0, shape);
  std::vector<Value> all;
  for (const Value& node : SubsetsOf(o, g.nodes())) {
    std::vector<Value> inside;
    for (const Value& edge : g.edges()) {
      const auto ends = g.EndsOf(edge);
      if (ends && node.Contains(g.nodes()[ends->first]) && node.Contains(g.nodes()[ends->second]))
        inside.push_back(edge);
    }
    for (const Value& edge : SubsetsOf(o, inside)) {
      const bool has_reverses = std::all_of(edge.items().begin(), edge.items().end(), [&](const Value& e) {
        return edge.Contains(Pair(e.items()[1], e.items()[0]));
      });
      if (is_symmetric && !has_reverses) continue;
      all.push_back(MakeGraph(node, edge));
      o.CheckSize(all.size());
    }
  }
  return o.MakeSet(std::move(all));
}

Value Transpose(Operands& o) {
  const Graph g(o, 0);
  std::vector<Value> reversed;
  for (const Value& edge : g.edges())
    reversed.push_back(Pair(o.Apply(edge, Value::Int(2)), o.Apply(edge, Value::Int(1))));
  return MakeGraph(g.node(), o.MakeSet(std::move(reversed)));
}

bool InPath(Operands& o, const Value& value, Shape shape) {
  const Graph g(o, 0, shape);
  if (!value.is_sequence()) return value.is_function() ? false : o.Refuse(value, "a set of paths");
  for (const Value& node : value.items()) {
    if (!o.Contains(g.node(), node)) return false;
  }
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (!g.HasEdge(value.items()[i - 1], value.items()[i])) return false;
  }
  return value.size() > 0;
}

Value ListPaths(Operands& o) {
  o.Fail(ErrorKind::kNotEnumerable, "the infinite set of all paths of a graph would have to be listed",
         "ask whether a sequence is in it, or list SimplePath");
}

Value SimplePaths(Operands& o, Shape shape) {
  const Graph g(o, 0, shape);
  const auto arcs = g.Arcs();
  std::vector<Value> all;
  std::vector<Value> path;
  std::vector<bool> is_met(arcs.size(), false);
  const auto go = [&](const auto& self, std::size_t at) -> void {
    is_met[at] = true;
    path.push_back(g.nodes()[at]);
    all.push_back(Value::Sequence(path));
    o.CheckSize(all.size());
    for (const std::size_t next : arcs[at]) {
      if (!is_met[next]) self(self, next);
    }
    path.pop_back();
    is_met[at] = false;
  };
  constexpr std::size_t kNodesMax = 10'000;  // the recursion's depth
  if (arcs.size() > kNodesMax) o.CheckSize(SIZE_MAX);
  for (std::size_t start = 0; start < arcs.size(); ++start) go(go, start);
  return o.MakeSet(std::move(all));
}

Value AreConnectedIn(Operands& o, Shape shape) {
  const Graph g(o, 2, shape);
  const std::optional<std::size_t> from = g.PlaceOf(o.Any(0));
  const std::optional<std::size_t> to = from ? g.PlaceOf(o.Any(1)) : std::nullopt;
  return Value::Bool(from && to && ReachedFrom(*from, g.Arcs())[*to]);
}

Value IsStronglyConnected(Operands& o) {
  const Graph g(o, 0);
  if (g.nodes().empty()) return Value::Bool(true);
  for (const bool is_reversed : {false, true}) {
    const std::vector<bool> is_reached = ReachedFrom(0, g.Arcs(is_reversed));
    if (std::find(is_reached.begin(), is_reached.end(), false) != is_reached.end()) return Value::Bool(false);
  }
  return Value::Bool(true);
}

// Edges lead towards the root: each node but the root has one, and from each the root is reached.
Value IsTreeWithRoot(Operands& o) {
  const Graph g(o, 0);
  if (!IsDirectedGraph(o, g)) return Value::Bool(false);
  const std::optional<std::size_t> root = g.PlaceOf(o.Any(1));
  if (!root) return Value::Bool(false);
  const auto arcs = g.Arcs();
  if (!arcs[*root].empty()) return Value::Bool(false);
  const bool has_one = std::all_of(arcs.begin(), arcs.end(), [](const auto& next) { return next.size() <= 1; });
  const std::vector<bool> is_reached = ReachedFrom(*root, g.Arcs(true));
  return Value::Bool(has_one && std::find(is_reached.begin(), is_reached.end(), false) == is_reached.end());
}

Value GraphUnion(Operands& o) {
  const Graph g(o, 0);
  const Graph h(o, 1);
  const auto both = [&](const Value& a, const Value& b) {
    std::vector<Value> items(a.items().begin(), a.items().end());
    items.insert(items.end(), b.items().begin(), b.items().end());
    return o.MakeSet(std::move(items));
  };
  return MakeGraph(both(g.node(), h.node()), both(g.edge(), h.edge()));
}

Value IsBipartite(Operands& o) {
  const Graph g(o, 0);
  const Value left = o.Set(1);
  const Value right = o.Set(2);
  for (const Value& element : left.items()) {
    if (o.Contains(right, element)) return Value::Bool(false);
  }
  for (const Value& node : g.nodes()) {
    if (!o.Contains(left, node) && !o.Contains(right, node)) return Value::Bool(false);
  }
  for (const Value& edge : g.edges()) {
    const Value from = o.Apply(edge, Value::Int(1));
    const Value to = o.Apply(edge, Value::Int(2));
    if (!(o.Contains(left, from) && o.Contains(right, to)) && !(o.Contains(left, to) && o.Contains(right, from)))
      return Value::Bool(false);
  }
  return Value::Bool(true);
}

bool HasCycle(const Graph& g) {
  const Matrix reached = g.Reached();
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached.at(i, i) != 0) return true;
  }
  return false;
}

Value Neighbours(Operands& o, const Graph& g, std::span<const Value> of, bool is_forward) {
  std::vector<Value> found;
  for (const Value& node : g.nodes()) {
    const bool is_one = std::any_of(
        of.begin(), of.end(), [&](const Value& n) { return is_forward ? g.HasEdge(n, node) : g.HasEdge(node, n); });
    if (is_one) found.push_back(node);
  }
  return o.MakeSet(std::move(found));
}

Value NeighboursOfOne(Operands& o, bool is_forward) {
  const Graph g(o, 0);
  const Value node = o.Any(1);
  return Neighbours(o, g, {&node, 1}, is_forward);
}

Value NeighboursOfAll(Operands& o, bool is_forward) {
  const Graph g(o, 0);
  const Value set = o.Set(1);
  return Neighbours(o, g, set.items(), is_forward);
}

Value WithoutNeighbours(Operands& o, bool is_forward) {
  const Graph g(o, 0);
  std::vector<Value> found;
  for (const Value& node : g.nodes()) {
    if (Neighbours(o, g, {&node, 1}, is_forward).size() == 0) found.push_back(node);
  }
  return o.MakeSet(std::move(found));
}

Value Relatives(Operands& o, bool is_forward) {
  const Graph g(o, 0);
  if (g.nodes().empty()) return g.node();
  const Value node = o.Any(1);
  const std::optional<std::size_t> place = g.PlaceOf(node);
  if (!place) o.Fail(ErrorKind::kOutsideDomain, ToString(node) + " is no node of the graph");
  const Matrix reached = g.Reached();
  std::vector<Value> found;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if ((is_forward ? reached.at(*place, i) : reached.at(i, *place)) != 0) found.push_back(g.nodes()[i]);
  }
  return o.MakeSet(std::move(found));
}

Value Components(Operands& o) {
  const Graph g(o, 0, Shape::kUndirected);
  const auto arcs = g.Arcs();
  std::vector<bool> is_done(arcs.size(), false);
  std::vector<Value> components;
  for (std::size_t start = 0; start < arcs.size(); ++start) {
    if (is_done[start]) continue;
    const std::vector<bool> is_reached = ReachedFrom(start, arcs);
    std::vector<Value> component;
    for (std::size_t i = start; i < arcs.size(); ++i) {
      if (!is_reached[i]) continue;
      is_done[i] = true;
      component.push_back(g.nodes()[i]);
    }
    components.push_back(o.MakeSet(std::move(component)));
  }
  return o.MakeSet(std::move(components));
}

// Every graph over a set of nodes.
Value AllGraphs(Operands& o, Shape shape) {
  const Value nodes = o.Set(0);
  std::vector<Value> edges;
  for (const Value& a : nodes.items()) {
    for (const Value& b : nodes.items()) edges.push_back(shape == Shape::kDirected ? Pair(a, b) : o.MakeSet({a, b}));
  }
  std::vector<Value> graphs;
  for (const Value& edge : SubsetsOf(o, o.MakeSet(std::move(edges)).items())) graphs.push_back(MakeGraph(nodes, edge));
  return o.MakeSet(std::move(graphs));
}

bool InAllGraphs(Operands& o, const Value& value, Shape shape) {
  const Value nodes = o.Set(0);
  if (!value.is_function()) return o.Refuse(value, "a set of graphs");
  const Value* node = value.is_record() && value.size() == 2 ? value.Apply(Value::String("node")) : nullptr;
  const Value* edge = node != nullptr ? value.Apply(Value::String("edge")) : nullptr;
  if (edge == nullptr || !o.Equal(*node, nodes)) return false;
  if (!edge->is_set()) return o.Refuse(*edge, "a set of sets of edges");
  const auto is_edge = [&](const Value& e) {
    if (shape == Shape::kDirected ? !e.is_sequence() : !e.is_set()) return o.Refuse(e, "a set of edges");
    if (e.size() > 2 || e.size() == 0 || (shape == Shape::kDirected && e.size() != 2)) return false;
    return o.Contains(nodes, e.items().front()) && o.Contains(nodes, e.items().back());
  };
  return std::all_of(edge->items().begin(), edge->items().end(), is_edge);
}

template <Shape kShape>
void AddBoth(LibraryTable& table, Builtin path, Builtin simple_path, Builtin connected, Builtin all) {
  table.Set(path, ListPaths);
  table.SetMember(path, [](Operands& o, const Value& value) { return InPath(o, value, kShape); });
  table.Set(simple_path, [](Operands& o) { return SimplePaths(o, kShape); });
  table.Set(connected, [](Operands& o) { return AreConnectedIn(o, kShape); });
  table.Set(all, [](Operands& o) { return AllGraphs(o, kShape); });
  table.SetMember(all, [](Operands& o, const Value& value) { return InAllGraphs(o, value, kShape); });
}

}  // namespace

void AddGraphs(LibraryTable& table) {
  AddBoth<Shape::kDirected>(table, Builtin::kGraphPath, Builtin::kSimplePath, Builtin::kAreConnectedIn,
                            Builtin::kAllGraphs);
  AddBoth<Shape::kUndirected>(table, Builtin::kUndirectedPath, Builtin::kUndirectedSimplePath,
                              Builtin::kUndirectedAreConnectedIn, Builtin::kAllUndirectedGraphs);
  table.Set(Builtin::kIsDirectedGraph, [](Operands& o) { return Value::Bool(IsDirectedGraph(o, Graph(o, 0))); });
  table.Set(Builtin::kDirectedSubgraph, [](Operands& o) { return Subgraphs(o, Shape::kDirected, false); });
  table.Set(Builtin::kTranspose, Transpose);
  table.Set(Builtin::kIsUndirectedGraph, [](Operands& o) {
    const Graph g(o, 0);
    return Value::Bool(IsDirectedGraph(o, g) && HasReverses(g));
  });
  table.Set(Builtin::kUndirectedSubgraph, [](Operands& o) { return Subgraphs(o, Shape::kDirected, true); });
  table.Set(Builtin::kIsStronglyConnected, IsStronglyConnected);
  table.Set(Builtin::kConnectionsIn, [](Operands& o) {
    const Graph g(o, 0);
    return g.Reached().Reflexive().ToFunction(o, g.node());
  });
  table.Set(Builtin::kIsTreeWithRoot, IsTreeWithRoot);
  table.Set(Builtin::kGraphUnion, GraphUnion);
  table.Set(Builtin::kIsBipartite, IsBipartite);
  table.Set(Builtin::kHasCycle, [](Operands& o) { return Value::Bool(HasCycle(Graph(o, 0))); });
  table.Set(Builtin::kIsDag, [](Operands& o) {
    const Graph g(o, 0);
    return Value::Bool(IsDirectedGraph(o, g) && !HasCycle(g));
  });
  table.Set(Builtin::kGraphSuccessors, [](Operands& o) { return NeighboursOfOne(o, true); });
  table.Set(Builtin::kGraphAllSuccessors, [](Operands& o) { return NeighboursOfAll(o, true); });
  table.Set(Builtin::kGraphPredecessors, [](Operands& o) { return NeighboursOfOne(o, false); });
  table.Set(Builtin::kGraphAllPredecessors, [](Operands& o) { return NeighboursOfAll(o, false); });
  table.Set(Builtin::kAncestors, [](Operands& o) { return Relatives(o, false); });
  table.Set(Builtin::kDescendants, [](Operands& o) { return Relatives(o, true); });
  table.Set(Builtin::kInDegree,
            [](Operands& o) { return Value::Int(static_cast<std::int64_t>(NeighboursOfOne(o, false).size())); });
  table.Set(Builtin::kOutDegree,
            [](Operands& o) { return Value::Int(static_cast<std::int64_t>(NeighboursOfOne(o, true).size())); });
  table.Set(Builtin::kGraphRoots, [](Operands& o) { return WithoutNeighbours(o, false); });
  table.Set(Builtin::kGraphLeaves, [](Operands& o) { return WithoutNeighbours(o, true); });
  table.Set(Builtin::kEmptyGraph, [](Operands& o) { return MakeGraph(o.MakeSet({}), o.MakeSet({})); });
  table.Set(Builtin::kIsUndirectedSetGraph,
            [](Operands& o) { return Value::Bool(IsUndirectedGraph(o, Graph(o, 0, Shape::kUndirected), false)); });
  table.Set(Builtin::kIsLoopFreeGraph,
            [](Operands& o) { return Value::Bool(IsUndirectedGraph(o, Graph(o, 0, Shape::kUndirected), true)); });
  table.Set(Builtin::kUndirectedSetSubgraph, [](Operands& o) { return Subgraphs(o, Shape::kUndirected, false); });
  table.Set(Builtin::kConnectedComponents, Components);
  table.Set(Builtin::kUndirectedIsConnected, [](Operands& o) { return Value::Bool(Components(o).size() == 1); });
}

}  // namespace kelpie::eval
