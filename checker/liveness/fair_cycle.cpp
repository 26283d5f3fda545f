#include "checker/liveness/fair_cycle.h"

#include <functional>
#include <unordered_set>

#include "checker/liveness/components.h"

namespace kelpie::liveness {
namespace {

using Inside = std::function<bool(Place)>;

// What a cycle has to meet to be fair: a place or a move.
struct Goal {
  std::function<bool(Place)> place;
  std::function<bool(Place, const Move&)> move;
};

class CycleFinder {
 public:
  CycleFinder(Product& product, std::span<const FairnessConstraint> constraints)
      : product_(product), constraints_(constraints) {}

  std::optional<Lasso> Run() {
    const auto everywhere = [](Place) { return true; };
    Components<DensePlaces, bool (*)(Place)> all(product_, DensePlaces(product_.place_count()), everywhere);
    (void)all.Run(product_.Initial(), [&](const std::vector<Place>& component) {
      const Place first = component.front();
      return !Search(component, [&](Place p) { return all.IsTogether(p, first); });
    });
    return std::move(lasso_);
  }

 private:
  // Is there a fair cycle inside a strongly connected part? Then lasso_ has one.
  bool Search(const std::vector<Place>& part, const Inside& inside) {
    if (!HasMove(part, inside)) return false;
    std::vector<Goal> goals;
    for (std::size_t i = 0; i < product_.promise_count(); ++i) {
      const auto keeps = [this, i](Place p) { return static_cast<bool>(product_.NodeOf(p).keeps[i]); };
      if (std::none_of(part.begin(), part.end(), keeps)) return false;
      goals.push_back({keeps, nullptr});
    }
    std::unordered_set<Place> removed;
    for (const FairnessConstraint& constraint : constraints_) {
      const auto is_disabled = [this, &constraint](Place p) { return !product_.Holds(constraint.enabled, p); };
      const auto is_taken = [this, &constraint](Place p, const Move& m) {
        return product_.Holds(constraint.angle, p, m);
      };
      if (!constraint.is_strong && std::any_of(part.begin(), part.end(), is_disabled)) {
        goals.push_back({is_disabled, nullptr});
      } else if (AnyMove(part, inside, is_taken)) {
        goals.push_back({nullptr, is_taken});
      } else if (!constraint.is_strong) {
        return false;
      } else {
        for (const Place p : part) {
          if (!is_disabled(p)) removed.insert(p);
        }
      }
    }
    if (removed.empty()) {
      Build(part.back(), inside, goals);
      return true;
    }
    return SearchWithout(removed, part, inside);
  }

  bool SearchWithout(const std::unordered_set<Place>& removed, const std::vector<Place>& part, const Inside& inside) {
    const Inside is_left = [&](Place p) { return inside(p) && !removed.contains(p); };
    Components<SparsePlaces, Inside> rest(product_, {}, is_left);
    bool is_found = false;
    (void)rest.Run(part, [&](const std::vector<Place>& component) {
      const Place first = component.front();
      is_found = Search(component, [&](Place p) { return is_left(p) && rest.IsTogether(p, first); });
      return !is_found;
    });
    return is_found;
  }

  template <typename Test>
  bool AnyMove(const std::vector<Place>& part, const Inside& inside, const Test& test) {
    Move move;
    for (const Place p : part) {
      Product::Cursor cursor{.from = p};
      while (product_.Next(cursor, move)) {
        if (inside(move.to) && test(p, move)) return true;
      }
    }
    return false;
  }
  bool HasMove(const std::vector<Place>& part, const Inside& inside) {
    return part.size() > 1 || AnyMove(part, inside, [](Place, const Move&) { return true; });
  }

  // --- the counterexample

  struct Taken {
    Place from = 0;
    Move move;
  };

  // The shortest way from `from`, of one move at least, that ends as wanted; empty when there is none.
  template <typename Wanted>
  std::vector<Taken> Way(const std::vector<Place>& from, const Inside& inside, const Wanted& is_wanted) {
    std::vector<Taken> taken;                         // in the order they were met
    std::unordered_map<Place, std::size_t> by_place;  // index in `taken` of the move that met it, from 1
    std::vector<Place> queue = from;
    for (const Place p : from) by_place.emplace(p, 0);
    for (std::size_t i = 0; i < queue.size(); ++i) {
      Product::Cursor cursor{.from = queue[i]};
      Move move;
      while (product_.Next(cursor, move)) {
        if (!inside(move.to)) continue;
        const bool is_end = is_wanted(queue[i], move);
        if (!is_end && by_place.contains(move.to)) continue;
        taken.push_back({queue[i], move});
        if (is_end) {
          std::vector<Taken> way{taken.back()};
          for (std::size_t at = by_place.at(queue[i]); at != 0; at = by_place.at(taken[at - 1].from)) {
            way.push_back(taken[at - 1]);
          }
          std::reverse(way.begin(), way.end());
          return way;
        }
        by_place.emplace(move.to, taken.size());
        queue.push_back(move.to);
      }
    }
    return {};
  }

  // Through every goal once, and back. The goals can be met: the part is strongly connected.
  void Build(Place any, const Inside& inside, const std::vector<Goal>& goals) {
    const Inside everywhere = [](Place) { return true; };
    const std::vector<Place> initial = product_.Initial();
    const auto first_inside = std::find_if(initial.begin(), initial.end(), inside);
    std::vector<Taken> way;
    if (first_inside == initial.end()) {
      way = Way(initial, everywhere, [&](Place, const Move& move) { return inside(move.to); });
    }
    const Place start = first_inside != initial.end() ? *first_inside : way.empty() ? any : way.back().move.to;
    std::vector<Taken> cycle;
    Place at = start;
    for (const Goal& goal : goals) {
      const auto meets = [&](Place from, const Move& move) {
        return goal.place ? goal.place(move.to) : goal.move(from, move);
      };
      const bool is_met =
          (goal.place && goal.place(start)) ||
          std::any_of(cycle.begin(), cycle.end(), [&](const Taken& t) { return meets(t.from, t.move); });
      if (is_met) continue;
      for (const Taken& taken : Way({at}, inside, meets)) cycle.push_back(taken);
      at = cycle.back().move.to;
    }
    if (at != start || cycle.empty()) {
      for (const Taken& taken : Way({at}, inside, [&](Place, const Move& move) { return move.to == start; })) {
        cycle.push_back(taken);
      }
    }
    Write(way.empty() ? start : way.front().from, way, cycle);
  }

  // As states; a move that stays where it is is no state more.
  void Write(Place first, const std::vector<Taken>& way, const std::vector<Taken>& cycle) {
    Lasso lasso;
    lasso.states.push_back(product_.StateOf(first));
    const auto go = [&](const Taken& taken) {
      const std::uint32_t s = product_.StateOf(taken.move.to);
      if (s != lasso.states.back()) lasso.states.push_back(s);
    };
    for (const Taken& taken : way) go(taken);
    lasso.loop_to = lasso.states.size() - 1;
    for (const Taken& taken : cycle) go(taken);
    // The end of the cycle is its beginning.
    if (lasso.states.size() - 1 > lasso.loop_to) lasso.states.pop_back();
    lasso_ = std::move(lasso);
  }

  Product& product_;
  std::span<const FairnessConstraint> constraints_;
  std::optional<Lasso> lasso_;
};

}  // namespace

std::optional<Lasso> FindFairCycle(Product& product, std::span<const FairnessConstraint> constraints) {
  return CycleFinder(product, constraints).Run();
}

}  // namespace kelpie::liveness
