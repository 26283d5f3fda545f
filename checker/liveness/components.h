// Strongly connected components of a part of a product, one after the other, in reverse topological order.
//
//   Components<DensePlaces> components(product, {product.place_count()}, everywhere);
//   components.Run(roots, [&](const std::vector<Place>& component) { return goes_on; });
//   components.IsTogether(a, b)   // of components that were visited
//
// Source: Tarjan, Depth-first search and linear graph algorithms (1972), without recursion.
#pragma once

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "checker/liveness/product.h"

namespace kelpie::liveness {

struct PlaceMark {
  std::uint32_t order = 0;      // when it was met, from 1; 0: not yet
  std::uint32_t low = 0;        // the earliest place that is reached from it and not finished
  std::uint32_t component = 0;  // from 1; 0: not finished
};

// For most places of a product.
class DensePlaces {
 public:
  explicit DensePlaces(std::uint64_t count) : marks_(count) {}
  PlaceMark& operator[](Place p) { return marks_[p]; }

 private:
  std::vector<PlaceMark> marks_;
};

// For few.
using SparsePlaces = std::unordered_map<Place, PlaceMark>;

template <typename Marks, typename Inside>
class Components {
 public:
  // Inside(Place): does the place belong to the part?
  Components(Product& product, Marks marks, Inside inside)
      : product_(product), marks_(std::move(marks)), inside_(std::move(inside)) {}

  // Visits the components that the roots reach, until a visitor says false.
  template <typename Visit>
  bool Run(const std::vector<Place>& roots, const Visit& visit) {
    for (const Place root : roots) {
      if (marks_[root].order != 0 || !inside_(root)) continue;
      Enter(root);
      while (!path_.empty()) {
        if (!Advance(visit)) return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool IsTogether(Place a, Place b) {
    return marks_[a].component != 0 && marks_[a].component == marks_[b].component;
  }

 private:
  void Enter(Place p) {
    PlaceMark& mark = marks_[p];
    mark.order = mark.low = ++order_;
    open_.push_back(p);
    path_.push_back({.from = p});
  }

  template <typename Visit>
  bool Advance(const Visit& visit) {
    Product::Cursor& cursor = path_.back();
    const Place p = cursor.from;
    Move move;
    while (product_.Next(cursor, move)) {
      if (!inside_(move.to)) continue;
      const PlaceMark to = marks_[move.to];
      if (to.order == 0) {
        Enter(move.to);
        return true;
      }
      PlaceMark& mark = marks_[p];
      if (to.component == 0) mark.low = std::min(mark.low, to.order);
    }
    path_.pop_back();
    const PlaceMark mark = marks_[p];
    if (!path_.empty()) {
      PlaceMark& outer = marks_[path_.back().from];
      outer.low = std::min(outer.low, mark.low);
    }
    if (mark.low != mark.order) return true;
    std::vector<Place> component;
    ++component_;
    do {
      component.push_back(open_.back());
      marks_[open_.back()].component = component_;
      open_.pop_back();
    } while (component.back() != p);
    return visit(component);
  }

  Product& product_;
  Marks marks_;
  Inside inside_;
  std::vector<Product::Cursor> path_;
  std::vector<Place> open_;
  std::uint32_t order_ = 0;
  std::uint32_t component_ = 0;
};

}  // namespace kelpie::liveness
