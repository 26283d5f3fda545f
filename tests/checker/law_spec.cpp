#include "tests/checker/law_spec.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "checker/cli/spec_loading.h"
#include "tests/trace/support.h"

namespace kelpie::laws {

namespace {

using trace::test::Rng;

enum class Kind : std::uint8_t { kNumber, kFunction, kSet, kRecord, kSequence };

struct Variable {
  std::string name;
  Kind kind;
};

// Text of expressions of a wanted type over the variables and the names bound at the place.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : rng_(seed) {}

  SpecText Module() {
    ChooseVariables();
    std::string names;
    std::string init;
    std::string types;
    for (const Variable& v : variables_) {
      names += (names.empty() ? "" : ", ") + v.name;
      init += "  /\\ " + Initial(v) + "\n";
      types += "  /\\ " + Type(v) + "\n";
    }
    std::string actions;
    std::string next;
    const std::uint64_t count = 2 + rng_.Below(2);
    for (std::uint64_t i = 1; i <= count; ++i) Action("A" + std::to_string(i), actions, next);
    return {"Law",
            "---- MODULE Law ----\nEXTENDS Integers, FiniteSets, Sequences\nCONSTANT Node\nVARIABLES " + names +
                "\nAnchor == CHOOSE node \\in Node : TRUE\nvars == <<" + names + ">>\n\nInit ==\n" + init + "\n" +
                actions + "Next ==\n" + next + "\nSpec == Init /\\ [][Next]_vars\n\nTypeOK ==\n" + types + "====\n",
            "CONSTANT Node = {p1, p2}\nSPECIFICATION Spec\nINVARIANT TypeOK\nCHECK_DEADLOCK FALSE\n"};
  }

 private:
  void ChooseVariables() {
    std::vector<Kind> kinds = {Kind::kNumber, Kind::kFunction, Kind::kSet, Kind::kRecord, Kind::kSequence};
    const std::uint64_t count = 2 + rng_.Below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::size_t at = rng_.Below(kinds.size());
      const char* const names[] = {"x", "f", "s", "r", "q"};
      variables_.push_back({names[static_cast<std::size_t>(kinds[at])], kinds[at]});
      kinds.erase(kinds.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }

  [[nodiscard]] bool Has(Kind kind) const {
    for (const Variable& v : variables_) {
      if (v.kind == kind) return true;
    }
    return false;
  }

  std::string Initial(const Variable& v) {
    switch (v.kind) {
      case Kind::kNumber: return rng_.OneIn(2) ? "x = 0" : "x \\in 0..1";
      case Kind::kFunction: return rng_.OneIn(2) ? "f = [m \\in Node |-> 0]" : "f \\in [Node -> 0..1]";
      case Kind::kSet: return rng_.OneIn(2) ? "s = {}" : "s \\in SUBSET Node";
      case Kind::kRecord: return "r = [a |-> 1, b |-> FALSE]";
      case Kind::kSequence: return "q = <<>>";
    }
    return "";
  }

  static std::string Type(const Variable& v) {
    switch (v.kind) {
      case Kind::kNumber: return "x \\in 0..3";
      case Kind::kFunction: return "f \\in [Node -> 0..2]";
      case Kind::kSet: return "s \\subseteq Node";
      case Kind::kRecord: return "r \\in [a : 0..2, b : BOOLEAN]";
      case Kind::kSequence: return "Len(q) <= 2 /\\ \\A i \\in 1..Len(q) : q[i] \\in 0..2";
    }
    return "";
  }

  // A node that is bound here; there is none at the top of an action without parameters.
  std::string Node() { return nodes_.empty() ? "Anchor" : nodes_[rng_.Below(nodes_.size())]; }

  // The bound variable `m` of a piece of text by a name of its own: TLA+ lets none be declared twice.
  std::string Bound(std::string text) {
    const std::string name = "m" + std::to_string(++bound_count_);
    for (std::size_t at = text.find('m'); at != std::string::npos; at = text.find('m', at + name.size())) {
      text.replace(at, 1, name);
    }
    return text;
  }

  std::string Number(int depth) {
    if (depth > 0 && rng_.OneIn(3)) {
      if (rng_.OneIn(2)) return "(" + Number(depth - 1) + " + " + Number(depth - 1) + ")";
      return "(IF " + Truth(depth - 1) + " THEN " + Number(depth - 1) + " ELSE " + Number(depth - 1) + ")";
    }
    std::vector<std::string> choices = {std::to_string(rng_.Below(4))};
    if (has_number_) choices.emplace_back("k");
    if (Has(Kind::kNumber)) choices.emplace_back("x");
    if (Has(Kind::kFunction)) choices.push_back("f[" + Node() + "]");
    if (Has(Kind::kSet)) choices.emplace_back("Cardinality(s)");
    if (Has(Kind::kRecord)) choices.emplace_back("r.a");
    if (Has(Kind::kSequence)) choices.emplace_back(rng_.OneIn(2) ? "Len(q)" : "(IF q # <<>> THEN Head(q) ELSE 0)");
    return choices[rng_.Below(choices.size())];
  }

  std::string Truth(int depth) {
    if (depth > 0 && rng_.OneIn(3)) {
      const char* const joins[] = {" /\\ ", " \\/ ", " => "};
      if (rng_.OneIn(4)) return "~(" + Truth(depth - 1) + ")";
      return "(" + Truth(depth - 1) + joins[rng_.Below(3)] + Truth(depth - 1) + ")";
    }
    std::vector<std::string> choices = {Number(0) + " < " + Number(0), Number(0) + " = " + Number(0)};
    if (Has(Kind::kSet)) choices.push_back(Node() + " \\in s");
    if (Has(Kind::kRecord)) choices.emplace_back("r.b");
    if (Has(Kind::kFunction)) choices.push_back(Bound("(\\E m \\in Node : f[m] = ") + Number(0) + ")");
    if (Has(Kind::kFunction) && Has(Kind::kSet)) choices.push_back(Bound("(\\A m \\in s : f[m] > 0)"));
    return choices[rng_.Below(choices.size())];
  }

  std::string Set() {
    std::vector<std::string> choices = {"{}", "{" + Node() + "}", "(s \\cup {" + Node() + "})",
                                        "(s \\ {" + Node() + "})", "Node \\ s"};
    if (Has(Kind::kFunction)) choices.push_back(Bound("{m \\in Node : f[m] = ") + Number(0) + "}");
    return choices[rng_.Below(choices.size())];
  }

  std::string Effect(const Variable& v) {
    if (rng_.OneIn(5)) return "UNCHANGED " + v.name;
    switch (v.kind) {
      case Kind::kNumber: return NumberEffect();
      case Kind::kFunction:
        if (rng_.OneIn(3)) return Bound("f' = [m \\in Node |-> (f[m] + ") + Number(1) + ") % 3]";
        return "f' = [f EXCEPT ![" + Node() + "] = (" + (rng_.OneIn(2) ? "@ + " : "") + Number(1) + ") % 3]";
      case Kind::kSet:
        if (rng_.OneIn(4)) return "s' \\in {" + Set() + ", " + Set() + "}";
        return "s' = " + Set();
      case Kind::kRecord:
        if (rng_.OneIn(2)) return "r' = [r EXCEPT !.a = (" + Number(1) + ") % 3, !.b = " + Truth(1) + "]";
        return "r' = [a |-> (" + Number(1) + ") % 3, b |-> " + Truth(1) + "]";
      case Kind::kSequence: return "q' = IF Len(q) < 2 THEN Append(q, (" + Number(1) + ") % 3) ELSE Tail(q)";
    }
    return "";
  }

  std::string NumberEffect() {
    switch (rng_.Below(5)) {
      case 0: return "x' \\in {(" + Number(1) + ") % 4, (" + Number(1) + ") % 4}";
      case 1: return Bound("(\\E m \\in 0..2 : x' = (m + ") + Number(1) + ") % 4)";
      case 2: return "(IF " + Truth(1) + " THEN x' = (x + 1) % 4 ELSE UNCHANGED x)";
      case 3: return "(x' = (" + Number(1) + ") % 4 \\/ (" + Truth(1) + " /\\ x' = 0))";
      default: return "x' = (" + Number(2) + ") % 4";
    }
  }

  void Action(const std::string& name, std::string& actions, std::string& next) {
    const bool has_node = rng_.OneIn(2);
    has_number_ = rng_.OneIn(2);
    nodes_.clear();
    if (has_node) nodes_.emplace_back("n");
    std::string parameters;
    std::string bounds;
    if (has_node) parameters = "n", bounds = "n \\in Node";
    if (has_number_) {
      parameters += parameters.empty() ? "k" : ", k";
      bounds += std::string(bounds.empty() ? "" : ", ") + "k \\in 0..2";
    }
    const std::string applied = parameters.empty() ? name : name + "(" + parameters + ")";
    actions += applied + " ==\n";
    if (rng_.OneIn(2)) actions += "  /\\ " + Truth(2) + "\n";
    for (const Variable& v : variables_) actions += "  /\\ " + Effect(v) + "\n";
    actions += "\n";
    next += "  \\/ " + (bounds.empty() ? applied : "(\\E " + bounds + " : " + applied + ")") + "\n";
  }

  Rng rng_;
  std::vector<Variable> variables_;
  std::vector<std::string> nodes_;
  bool has_number_ = false;
  int bound_count_ = 0;
};

std::string ReadWhole(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

SpecText RandomSpec(std::uint64_t seed) { return Generator(seed).Module(); }

SpecText WithoutLastAction(SpecText spec) {
  const std::size_t end = spec.module.find("\n\nSpec ==");
  const std::size_t begin = spec.module.rfind("\n  \\/ ", end);
  spec.module.erase(begin, end - begin);
  return spec;
}

std::vector<SpecText> KeptSpecs() {
  const std::filesystem::path root = KELPIE_SOURCE_DIR;
  struct Kept {
    const char* folder;
    const char* name;
    const char* config_more;  // what traces of it usually say in their header
  };
  std::vector<SpecText> specs;
  for (const Kept& kept : {Kept{"docs/ten-minutes", "Tickets", ""},
                           {"bench/specs", "Ledger", "CONSTANT Accounts = {\"a\", \"b\"}\n"},
                           {"bench/specs", "Clocks", ""},
                           {"tests/cli/testdata", "Stock", ""}}) {
    const std::filesystem::path folder = root / kept.folder;
    const std::string name = kept.name;
    specs.push_back(
        {name, ReadWhole(folder / (name + ".tla")), kept.config_more + ReadWhole(folder / (name + ".cfg"))});
  }
  return specs;
}

LawSpec LoadLawSpec(const SpecText& text) {
  const trace::test::TempDir folder;
  LawSpec spec{.text = text, .sources = std::make_shared<tla::SourceMap>(), .program = nullptr, .diagnostics = ""};
  const std::string file = folder.Write(text.name + ".tla", text.module);
  const std::string config = folder.Write(text.name + ".cfg", text.config);
  tla::Diagnostics diagnostics;
  spec.program = cli::LoadProgram(file, config, false, {}, *spec.sources, diagnostics).program;
  spec.diagnostics = tla::Render(*spec.sources, diagnostics.list());
  return spec;
}

}  // namespace kelpie::laws
