#include "tests/checker/random_expressions.h"

namespace kelpie::testing {

std::string RandomExpressions::Make(Type type, int depth) {
  if (wrong_one_in_ > 0 && Below(wrong_one_in_) == 0) type = static_cast<Type>(Below(6));
  if (!bound_.empty() && Below(3) == 0) {
    if (const std::string name = Bound(type); !name.empty()) return name;
  }
  switch (type) {
    case Type::kBool: return Bool(depth);
    case Type::kInt: return Int(depth);
    case Type::kSet: return Set(depth);
    case Type::kFunction: return Function(depth);
    case Type::kSequence: return Sequence(depth);
    case Type::kRecord: break;
  }
  return Record(depth);
}

std::string RandomExpressions::Bound(Type type) {
  std::vector<std::string> names;
  for (const auto& [name, its_type] : bound_) {
    if (its_type == type) names.push_back(name);
  }
  return names.empty() ? "" : Pick(names);
}

// "(\E %V \in %s : %b)": %V binds a new integer variable for the rest of the text; %S and %F bind sets and
// functions. They are unbound at the end.
std::string RandomExpressions::Fill(const std::string& text, int depth) {
  std::string out;
  const std::size_t bound_before = bound_.size();
  const std::string own = std::to_string(++name_count_);
  std::vector<std::pair<std::string, Type>> pending;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#') {  // a name of this form's own
      out += "_" + own;
      continue;
    }
    if (text[i] != '%') {
      if (text[i] == ']' || text[i] == '}') bound_.resize(bound_before);  // the end of a constructor
      // A bound variable is in scope after the colon or the bar of its construct, not in its own set.
      if (text[i] == ':' || text[i] == '|' || (text[i] == 'I' && text.compare(i, 3, "IN ") == 0)) {
        for (auto& entry : pending) bound_.push_back(std::move(entry));
        pending.clear();
      }
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'b': out += Make(Type::kBool, depth - 1); break;
      case 'i': out += Make(Type::kInt, depth - 1); break;
      case 's': out += Make(Type::kSet, depth - 1); break;
      case 'f': out += Make(Type::kFunction, depth - 1); break;
      case 'q': out += Make(Type::kSequence, depth - 1); break;
      case 'r': out += Make(Type::kRecord, depth - 1); break;
      default: {
        const std::string name = "v" + std::to_string(++name_count_);
        const Type type = text[i] == 'S' ? Type::kSet : text[i] == 'F' ? Type::kFunction : Type::kInt;
        pending.emplace_back(name, type);
        out += name;
      }
    }
  }
  bound_.resize(bound_before);
  return out;
}

std::string RandomExpressions::Bool(int depth) {
  if (depth <= 0) return Pick({"TRUE", "FALSE", "(x = 1)", "(2 \\in s)", "r.flag"});
  static const std::vector<std::string> kForms = {"(%b /\\ %b)",
                                                  "(%b \\/ %b)",
                                                  "(~%b)",
                                                  "(%b => %b)",
                                                  "(%b <=> %b)",
                                                  "(IF %b THEN %b ELSE %b)",
                                                  "(CASE %b -> %b [] %b -> %b [] OTHER -> %b)",
                                                  "(CASE %b -> %b [] %b -> %b)",
                                                  "(%i = %i)",
                                                  "(%i /= %i)",
                                                  "(%i < %i)",
                                                  "(%i <= %i)",
                                                  "(%i > %i)",
                                                  "(%i >= %i)",
                                                  "(%i \\in %s)",
                                                  "(%i \\notin %s)",
                                                  "(%s \\subseteq %s)",
                                                  "(%s = %s)",
                                                  "(%f = %f)",
                                                  "(%q = %q)",
                                                  "(%r = %r)",
                                                  "(\\E %V \\in %s : %b)",
                                                  "(\\A %V \\in %s : %b)",
                                                  "(\\A %V, %V \\in %s : %b)",
                                                  "(\\E %V \\in %s, %V \\in 1..2 : %b)",
                                                  "(\\E <<%V, %V>> \\in ({1, 2} \\X %s) : %b)",
                                                  "(%s \\in SUBSET (1..4))",
                                                  "(%i \\in Nat)",
                                                  "(%i \\in Int)",
                                                  "(\"a\" \\in STRING)",
                                                  "(%i \\in Any)",
                                                  "(%f \\in [1..3 -> %s])",
                                                  "(%q \\in Seq(%s))",
                                                  "(%r \\in [a : %s, flag : BOOLEAN])",
                                                  "(\\E %S \\in SUBSET %s : %b)",
                                                  "(\\E %F \\in [1..2 -> {1, 2}] : %b)",
                                                  "(LET %V == %i IN %b)",
                                                  "IsFiniteSet(s)",
                                                  "IsFiniteSet({%V \\in s : %b})",
                                                  "IsFiniteSet(Nat)",
                                                  "(%i \\in DOMAIN %f)",
                                                  "(%i \\in %s \\cup Nat)",
                                                  "(%i \\in %s \\ Nat)",
                                                  "(%i \\in {%V \\in Nat : %b})",
                                                  "Twice(LAMBDA p# : ~p#, %b)",
                                                  "(<<%i, %i>> \\in %s \\X %s)",
                                                  "(%s \\in {{}, %s})",
                                                  "(\\E %V \\in {%i, %i} : %b)",
                                                  "(%b \\in BOOLEAN)",
                                                  "(\"a\" \\in DOMAIN %r)",
                                                  "(%i \\in (UNION {%s, %s}))",
                                                  "Even(%i)",
                                                  "(%r.a = %i)"};
  return Fill(Pick(kForms), depth);
}

std::string RandomExpressions::Int(int depth) {
  if (wrong_one_in_ > 0 && Below(4 * wrong_one_in_) == 0) return "99999999999999999999";
  if (depth <= 0) return Pick({"0", "1", "2", "3", "x", "(-1)", "N", "f[2]", "r.a", "5"});
  static const std::vector<std::string> kForms = {
      "(%i + %i)",
      "(%i - %i)",
      "(%i * %i)",
      "(%i \\div %i)",
      "(%i %% %i)",
      "(- %i)",
      "(2 ^ %i)",
      "%f[%i]",
      "%q[%i]",
      "Len(%q)",
      "Cardinality(%s)",
      "Head(%q)",
      "%r.a",
      "(IF %b THEN %i ELSE %i)",
      "(CHOOSE %V \\in %s : %b)",
      "(LET %V == %i IN %i)",
      "Fact[%i]",
      "Sum(%s)",
      "Max(%i, %i)",
      "(LET %F == %f IN %i)",
      "[%V \\in 1..3 |-> %i][%i]",
      "(CASE %b -> %i [] OTHER -> %i)",
      "Apply(LAMBDA a#, b# : a# - b#, %i, %i)",
      "Apply(+, %i, %i)",
      "Apply(Max, %i, %i)",
      "Twice(LAMBDA p# : p# + 1, %i)",
      "(LET g#(a#) == a# + %i IN g#(%i) + g#(1))",
      "(LET d#[n# \\in 0..5] == IF n# = 0 THEN %i ELSE 1 + d#[n# - 1] IN d#[%i])"};
  std::string form = Pick(kForms);
  if (const std::size_t at = form.find("%%"); at != std::string::npos) {
    const std::string left = Fill("%i", depth);
    return "(" + left + " % " + Fill("%i", depth) + ")";
  }
  return Fill(form, depth);
}

std::string RandomExpressions::Set(int depth) {
  if (depth <= 0) return Pick({"{}", "{1}", "{1, 2}", "s", "(1..3)", "(0..2)", "(DOMAIN f)"});
  static const std::vector<std::string> kForms = {"{%i, %i}",
                                                  "{%i}",
                                                  "(%s \\cup %s)",
                                                  "(%s \\cap %s)",
                                                  "(%s \\ %s)",
                                                  "(%i..3)",
                                                  "(0..%i)",
                                                  "{%V \\in %s : %b}",
                                                  "{%i : %V \\in %s}",
                                                  "(DOMAIN %f)",
                                                  "(DOMAIN %q)",
                                                  "(UNION {%s, %s})",
                                                  "(UNION {%S \\in SUBSET %s : %b})",
                                                  "(IF %b THEN %s ELSE %s)",
                                                  "(LET %S == %s IN %s)",
                                                  "{%F[1] : %F \\in [1..2 -> %s]}",
                                                  "(%s \\cup {%i})",
                                                  "(%s \\ {%i})",
                                                  "(CHOOSE %S \\in SUBSET %s : %b)",
                                                  "({%V \\in Nat : %b} \\cap %s)"};
  std::string form = Pick(kForms);
  // The variable of a set of values stands after its body: it is given a name by hand.
  if (form == "{%i : %V \\in %s}") {
    const std::string set = Fill("%s", depth);
    const std::string name = "v" + std::to_string(++name_count_);
    bound_.emplace_back(name, Type::kInt);
    const std::string body = Fill("%i", depth);
    bound_.pop_back();
    return "{" + body + " : " + name + " \\in " + set + "}";
  }
  if (form.find("%F[1]") != std::string::npos) {
    const std::string name = "v" + std::to_string(++name_count_);
    return "{" + name + "[1] : " + name + " \\in [1..2 -> " + Fill("%s", depth) + "]}";
  }
  return Fill(form, depth);
}

std::string RandomExpressions::Function(int depth) {
  if (depth <= 0) return Pick({"f", "[n \\in 1..3 |-> n]", "[n \\in 1..3 |-> 2]", "(1 :> 2 @@ 3 :> 4)"});
  static const std::vector<std::string> kForms = {"[%V \\in 1..3 |-> %i]",
                                                  "[%V \\in %s |-> %i]",
                                                  "[%f EXCEPT ![%i] = %i]",
                                                  "[%f EXCEPT ![%i] = @ + %i, ![2] = %i]",
                                                  "(%i :> %i @@ %f)",
                                                  "(IF %b THEN %f ELSE %f)",
                                                  "(LET %F == %f IN %f)",
                                                  "(CHOOSE %F \\in [1..2 -> {1, 2}] : %b)",
                                                  "%f",
                                                  "[%f EXCEPT ![%i] = @]"};
  return Fill(Pick(kForms), depth);
}

std::string RandomExpressions::Sequence(int depth) {
  if (depth <= 0) return Pick({"q", "<<>>", "<<1>>", "<<2, 1>>", "<<3, 1, 2>>"});
  static const std::vector<std::string> kForms = {"<<%i, %i>>",
                                                  "Append(%q, %i)",
                                                  "(%q \\o %q)",
                                                  "Tail(%q)",
                                                  "SubSeq(%q, %i, %i)",
                                                  "SelectSeq(%q, LAMBDA a# : a# > %i)",
                                                  "SortSeq(%q, <)",
                                                  "(IF %b THEN %q ELSE %q)",
                                                  "[%q EXCEPT ![%i] = %i]",
                                                  "SelectSeq(%q, Even)",
                                                  "SortSeq(%q, LAMBDA a#, b# : a# > b#)",
                                                  "[%V \\in 1..2 |-> %i]"};
  return Fill(Pick(kForms), depth);
}

std::string RandomExpressions::Record(int depth) {
  if (depth <= 0) return Pick({"r", "[a |-> 1, flag |-> TRUE]", "[a |-> x, flag |-> FALSE]"});
  static const std::vector<std::string> kForms = {"[a |-> %i, flag |-> %b]", "[%r EXCEPT !.a = %i]",
                                                  "[%r EXCEPT !.flag = ~@]", "(IF %b THEN %r ELSE %r)",
                                                  "[%r EXCEPT !.a = @ + %i, !.flag = %b]"};
  return Fill(Pick(kForms), depth);
}

}  // namespace kelpie::testing
