// Liveness against its definition: random graphs, fairness and temporal formulas; every lasso up to a length is judged
// by what the operators mean, position by position.
#include "tests/cli/cli_fixture.h"

#include <functional>
#include <random>
#include <set>

namespace kelpie::cli {
namespace {

constexpr int kStates = 3;
constexpr std::size_t kLengthMax = 6;

struct Lasso {
  std::vector<int> states;
  std::size_t loop_to = 0;
  [[nodiscard]] std::size_t size() const { return states.size(); }
  [[nodiscard]] std::size_t Next(std::size_t i) const { return i + 1 < size() ? i + 1 : loop_to; }
};

using Edges = std::set<std::pair<int, int>>;
using Truth = std::vector<bool>;  // by position

// A formula as text of TLA+ and as what it says about a lasso.
struct Formula {
  std::string text;
  std::function<Truth(const Lasso&)> holds;
};

Truth Each(const Lasso& l, const std::function<bool(std::size_t)>& at) {
  Truth truth(l.size());
  for (std::size_t i = 0; i < l.size(); ++i) truth[i] = at(i);
  return truth;
}

// Is there a position from i on, the loop included, where `truth` holds?
bool Ever(const Lasso& l, const Truth& truth, std::size_t i) {
  for (std::size_t j = std::min(i, l.loop_to); j < l.size(); ++j) {
    if (truth[j] && (j >= i || j >= l.loop_to)) return true;
  }
  return false;
}

Formula Eventually(const Formula& f) {
  return {"<>(" + f.text + ")", [f](const Lasso& l) {
            const Truth inner = f.holds(l);
            return Each(l, [&](std::size_t i) { return Ever(l, inner, i); });
          }};
}

Formula Not(const Formula& f) {
  return {"~(" + f.text + ")", [f](const Lasso& l) {
            Truth truth = f.holds(l);
            truth.flip();
            return truth;
          }};
}

Formula Always(const Formula& f) { return {"[](" + f.text + ")", Not(Eventually(Not(f))).holds}; }

Formula Combine(const Formula& a, const char* op, const Formula& b, const std::function<bool(bool, bool)>& apply) {
  return {"((" + a.text + ") " + op + " (" + b.text + "))", [a, b, apply](const Lasso& l) {
            const Truth left = a.holds(l);
            const Truth right = b.holds(l);
            return Each(l, [&](std::size_t i) { return apply(left[i], right[i]); });
          }};
}

class Case {
 public:
  explicit Case(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < kStates; ++i) {
      for (int j = 0; j < kStates; ++j) {
        if (Pick(2) == 0) continue;
        edges_.insert({i, j});
        if (Pick(2) == 0) a_.insert({i, j});
      }
    }
    if (Pick(2) == 0) fairness_.push_back(Fair(Pick(2) == 0, "A"));
    if (Pick(3) == 0) fairness_.push_back(Fair(Pick(2) == 0, "Next"));
    if (Pick(4) == 0) fairness_.push_back(Always(Eventually(Atom())));
    property_ = Temporal(Pick(4) == 0 ? 3 : 2);
  }

  [[nodiscard]] std::string Spec() const {
    std::string spec = "Init /\\ [][Next]_x";
    for (const Formula& f : fairness_) spec += " /\\ " + f.text;
    return "---- MODULE R ----\nEXTENDS Naturals\nVARIABLE x\nInit == x = 0\nA == " + Action(a_) +
           "\nNext == " + Action(edges_) + "\nSpec == " + spec + "\nProperty == " + property_.text + "\n====\n";
  }

  // Is it a behavior of the specification that breaks the property?
  [[nodiscard]] bool IsCounterexample(const Lasso& l) const {
    if (l.states.empty() || l.states[0] != 0) return false;
    for (std::size_t i = 0; i < l.size(); ++i) {
      const int from = l.states[i];
      const int to = l.states[l.Next(i)];
      if (from != to && !edges_.contains({from, to})) return false;
    }
    for (const Formula& f : fairness_) {
      if (!f.holds(l)[0]) return false;
    }
    return !property_.holds(l)[0];
  }

  [[nodiscard]] bool HasCounterexample() const {
    Lasso l{{0}, 0};
    return Extend(l);
  }

 private:
  int Pick(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }

  static std::string Action(const Edges& edges) {
    std::string text = "FALSE";
    for (const auto& [i, j] : edges) text += " \\/ (x = " + std::to_string(i) + " /\\ x' = " + std::to_string(j) + ")";
    return text;
  }

  Formula Atom() {
    const int k = Pick(kStates);
    return {"x = " + std::to_string(k),
            [k](const Lasso& l) { return Each(l, [&](std::size_t i) { return l.states[i] == k; }); }};
  }
  [[nodiscard]] const Edges& EdgesOf(const std::string& action) const { return action == "A" ? a_ : edges_; }
  // <<A>>_x about the step that leaves a position.
  Formula Angle(const std::string& action) {
    const Edges edges = EdgesOf(action);
    return {"<<" + action + ">>_x", [edges](const Lasso& l) {
              return Each(l, [&](std::size_t i) {
                const int from = l.states[i];
                const int to = l.states[l.Next(i)];
                return from != to && edges.contains({from, to});
              });
            }};
  }
  Formula Enabled(const std::string& action) {
    const Edges edges = EdgesOf(action);
    return {"ENABLED <<" + action + ">>_x", [edges](const Lasso& l) {
              return Each(l, [&](std::size_t i) {
                return std::any_of(edges.begin(), edges.end(),
                                   [&](const auto& e) { return e.first == l.states[i] && e.second != e.first; });
              });
            }};
  }
  Formula Fair(bool is_strong, const std::string& action) {
    const Formula taken = Always(Eventually(Angle(action)));
    const Formula disabled = Not(Enabled(action));
    const Formula excused = is_strong ? Eventually(Always(disabled)) : Always(Eventually(disabled));
    const auto either = [](bool a, bool b) { return a || b; };
    return {(is_strong ? "SF_x(" : "WF_x(") + action + ")", Combine(excused, "", taken, either).holds};
  }

  // Forms that speak of actions and that the language allows anywhere.
  Formula OfActions() {
    const std::string action = Pick(2) == 0 ? "A" : "Next";
    switch (Pick(5)) {
      case 0: return Fair(Pick(2) == 0, action);
      case 1: {
        const Formula inner = Angle(action);
        return {"<>" + inner.text, Eventually(inner).holds};
      }
      case 2: {
        const Formula inner = Angle(action);
        return {"[]<>" + inner.text, Always(Eventually(inner)).holds};
      }
      case 3: {
        const Formula square = Not(Angle(action));
        return {"[][~" + action + "]_x", Always(square).holds};
      }
      default: return Enabled(action);
    }
  }

  Formula Temporal(int depth) {
    if (depth == 0) return Pick(3) == 0 ? OfActions() : Atom();
    switch (Pick(8)) {
      case 0: return Always(Temporal(depth - 1));
      case 1:
      case 2: return Eventually(Temporal(depth - 1));
      case 3: return Not(Temporal(depth - 1));
      case 4: return Combine(Temporal(depth - 1), "/\\", Temporal(depth - 1), [](bool a, bool b) { return a && b; });
      case 5: return Combine(Temporal(depth - 1), "\\/", Temporal(depth - 1), [](bool a, bool b) { return a || b; });
      case 6: return Combine(Temporal(depth - 1), "<=>", Temporal(depth - 1), [](bool a, bool b) { return a == b; });
      default: {
        const Formula a = Temporal(depth - 1);
        const Formula b = Temporal(depth - 1);
        const auto implies = [](bool p, bool q) { return !p || q; };
        return {"((" + a.text + ") ~> (" + b.text + "))", Always(Combine(a, "=>", Eventually(b), implies)).holds};
      }
    }
  }

  bool Extend(Lasso& l) const {
    for (l.loop_to = 0; l.loop_to < l.size(); ++l.loop_to) {
      if (IsCounterexample(l)) return true;
    }
    if (l.size() == kLengthMax) return false;
    for (int next = 0; next < kStates; ++next) {
      if (next != l.states.back() && !edges_.contains({l.states.back(), next})) continue;
      l.states.push_back(next);
      if (Extend(l)) return true;
      l.states.pop_back();
    }
    return false;
  }

  std::mt19937_64 random_;
  Edges edges_;
  Edges a_;
  std::vector<Formula> fairness_;
  Formula property_;
};

class LivenessRandom : public CliTest {};

TEST_F(LivenessRandom, AgreesWithTheDefinition) {
  const char* count_text = std::getenv("KELPIE_LIVENESS_CASES");
  const std::uint64_t count = count_text != nullptr ? std::stoull(count_text) : 400;
  const std::string config = Write("R.cfg", "SPECIFICATION Spec\nPROPERTY Property\nCHECK_DEADLOCK FALSE\n");
  std::size_t violated_count = 0;
  std::size_t limit_count = 0;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    const Case c(seed);
    const std::string spec = Write("R.tla", c.Spec());
    const VerbRun run = Explore({spec, "--config", config, "--json", "--max-tableau", "1000"});
    const nlohmann::json found = run.json();
    if (found["result"] == "limit") {
      ++limit_count;
      continue;
    }
    ASSERT_TRUE(found["result"] == "ok" || found["result"] == "property" || found["result"] == "invariant")
        << "seed " << seed << "\n"
        << c.Spec() << run.out;
    const bool has = c.HasCounterexample();
    if (found["result"] == "ok") {
      ASSERT_FALSE(has) << "seed " << seed << ": a counterexample is missed\n" << c.Spec();
      continue;
    }
    ++violated_count;
    // A property of the form []P is an invariant and one of the form [][A]_v a step's, which are judged whatever
    // fairness says, as by TLC: the trace only leads to what breaks it.
    if (found["loop_to"].is_null()) continue;
    Lasso l;
    for (const auto& entry : found["trace"]) l.states.push_back(entry["state"]["x"].get<int>());
    l.loop_to = found["loop_to"].get<std::size_t>() - 1;
    ASSERT_TRUE(c.IsCounterexample(l)) << "seed " << seed << ": what was found is no counterexample\n"
                                       << c.Spec() << run.out;
  }
  // Both answers have to come up often, or nothing was tested.
  EXPECT_GT(violated_count, count / 5);
  EXPECT_LT(violated_count, count - count / 10);
  EXPECT_LT(limit_count, count / 20);
}

}  // namespace
}  // namespace kelpie::cli
