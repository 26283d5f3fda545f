// The states and steps of an exploration as a graph, for people (dot) and programs (JSON).
//
//   std::string text = GraphToDot(graph, program);
//
// Cost: the text of every state. Format of the JSON:
// {"format":"kelpie.graph/1","spec","complete","states":[{index,level, initial,state
// {var:v}}],"steps":[{from,to,action}]}; index counts from 1, action is null for an unnamed disjunct.
#pragma once

#include <string>

#include "checker/explore/state_graph.h"

namespace kelpie::report {

[[nodiscard]] std::string GraphToDot(const explore::StateGraph& graph, const program::Program& program);
[[nodiscard]] std::string GraphToJson(const explore::StateGraph& graph, const program::Program& program);

}  // namespace kelpie::report
