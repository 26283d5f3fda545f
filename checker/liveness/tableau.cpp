#include "checker/liveness/tableau.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace kelpie::liveness {
namespace {

using Formulas = std::set<FormulaId>;

class TableauBuilder {
 public:
  TableauBuilder(const FormulaTable& table, std::size_t nodes_max) : table_(table), nodes_max_(nodes_max) {}

  std::optional<Tableau> Run(FormulaId formula) {
    CollectPromises(formula);
    made_.promise_count = promises_.size();
    made_.initial = Covers({formula});
    for (std::size_t i = 0; i < made_.nodes.size(); ++i) {
      if (is_too_large_) return std::nullopt;
      made_.nodes[i].successors = Covers(next_[i]);
    }
    if (is_too_large_) return std::nullopt;
    return std::move(made_);
  }

 private:
  // What one way to satisfy a set of formulas says about the present position and leaves to the next.
  struct Cover {
    Formulas open;  // still to be satisfied here
    Formulas now;   // satisfied here
    Formulas next;
  };

  void CollectPromises(FormulaId id) {
    if (!seen_.insert(id).second) return;
    const Formula& f = table_[id];
    switch (f.op) {
      case FormulaOp::kTrue:
      case FormulaOp::kFalse:
      case FormulaOp::kLiteral: return;
      case FormulaOp::kUntil: promises_.push_back(id); break;
      default: break;
    }
    CollectPromises(f.a);
    CollectPromises(f.b);
  }

  bool Contradicts(const Cover& cover, FormulaId id) const {
    const Formula& f = table_[id];
    return std::any_of(cover.now.begin(), cover.now.end(), [&](FormulaId other) {
      const Formula& g = table_[other];
      return g.op == FormulaOp::kLiteral && g.a == f.a && g.b != f.b;
    });
  }

  // The nodes that may stand where `formulas` have to hold.
  std::vector<std::uint32_t> Covers(Formulas formulas) {
    const auto known = covers_.find(formulas);
    if (known != covers_.end()) return known->second;
    std::vector<std::uint32_t> nodes;
    std::vector<Cover> open{{.open = formulas, .now = {}, .next = {}}};
    while (!open.empty() && !is_too_large_) {
      Cover cover = std::move(open.back());
      open.pop_back();
      if (cover.open.empty()) {
        const std::uint32_t node = NodeOf(cover);
        if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
        continue;
      }
      const FormulaId id = *cover.open.begin();
      cover.open.erase(cover.open.begin());
      Expand(std::move(cover), id, open);
      is_too_large_ = is_too_large_ || open.size() > nodes_max_;
    }
    covers_.emplace(std::move(formulas), nodes);
    return nodes;
  }

  static void Want(Cover& cover, FormulaId id) {
    if (!cover.now.contains(id)) cover.open.insert(id);
  }

  void Expand(Cover cover, FormulaId id, std::vector<Cover>& open) const {
    const Formula& f = table_[id];
    if (f.op == FormulaOp::kFalse || (f.op == FormulaOp::kLiteral && Contradicts(cover, id))) return;
    cover.now.insert(id);
    switch (f.op) {
      case FormulaOp::kTrue:
      case FormulaOp::kFalse:
      case FormulaOp::kLiteral: break;
      case FormulaOp::kAnd:
        Want(cover, f.a);
        Want(cover, f.b);
        break;
      case FormulaOp::kOr: {
        Cover other = cover;
        Want(other, f.b);
        open.push_back(std::move(other));
        Want(cover, f.a);
        break;
      }
      case FormulaOp::kUntil: {
        Cover later = cover;
        Want(later, f.a);
        later.next.insert(id);
        open.push_back(std::move(later));
        Want(cover, f.b);
        break;
      }
      case FormulaOp::kRelease: {
        Cover later = cover;
        Want(later, f.b);
        later.next.insert(id);
        open.push_back(std::move(later));
        Want(cover, f.a);
        Want(cover, f.b);
        break;
      }
    }
    open.push_back(std::move(cover));
  }

  std::uint32_t NodeOf(const Cover& cover) {
    TableauNode node;
    Formulas literals;
    for (const FormulaId id : cover.now) {
      const Formula& f = table_[id];
      if (f.op != FormulaOp::kLiteral) continue;
      literals.insert(id);
      (f.is_step ? node.step_literals : node.state_literals).push_back({f.a, f.b == 1});
    }
    for (const FormulaId promise : promises_) {
      node.keeps.push_back(!cover.now.contains(promise) || cover.now.contains(table_[promise].b));
    }
    const auto key = std::make_tuple(std::move(literals), cover.next, node.keeps);
    const auto [known, is_new] = nodes_.emplace(key, static_cast<std::uint32_t>(made_.nodes.size()));
    if (is_new) {
      made_.nodes.push_back(std::move(node));
      next_.push_back(cover.next);
      is_too_large_ = is_too_large_ || made_.nodes.size() > nodes_max_;
    }
    return known->second;
  }

  const FormulaTable& table_;
  std::size_t nodes_max_;
  bool is_too_large_ = false;
  Formulas seen_;
  std::vector<FormulaId> promises_;
  Tableau made_;
  std::vector<Formulas> next_;  // by node
  std::map<Formulas, std::vector<std::uint32_t>> covers_;
  std::map<std::tuple<Formulas, Formulas, std::vector<bool>>, std::uint32_t> nodes_;
};

}  // namespace

std::optional<Tableau> MakeTableau(const FormulaTable& table, FormulaId formula, std::size_t nodes_max) {
  return TableauBuilder(table, nodes_max).Run(formula);
}

std::string Dump(const Tableau& tableau) {
  std::string out = "initial";
  for (const std::uint32_t q : tableau.initial) out += " " + std::to_string(q);
  out += "\n";
  for (std::size_t q = 0; q < tableau.nodes.size(); ++q) {
    const TableauNode& node = tableau.nodes[q];
    out += std::to_string(q) + ":";
    for (const Literal& l : node.state_literals) out += (l.is_denied ? " ~p" : " p") + std::to_string(l.atom);
    for (const Literal& l : node.step_literals) out += (l.is_denied ? " ~s" : " s") + std::to_string(l.atom);
    out += " ->";
    for (const std::uint32_t next : node.successors) out += " " + std::to_string(next);
    out += " keeps";
    for (std::size_t i = 0; i < node.keeps.size(); ++i) {
      if (node.keeps[i]) out += " " + std::to_string(i);
    }
    out += "\n";
  }
  return out;
}

}  // namespace kelpie::liveness
