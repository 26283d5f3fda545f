// Random expressions over variables of small types, as text, and random states for them.
#pragma once

#include <string>
#include <vector>

#include "checker/eval/value_order.h"

namespace kelpie::symbolic {

class RandomExpressions {
 public:
  explicit RandomExpressions(std::uint64_t seed) : seed_(seed * 0x9e3779b97f4a7c15ULL + 1) {}

  // x, y: integers; p, q: Booleans; S, T: sets of integers; f: a function over 1..3, a sequence;
  // g: a function over strings; r: a record; s: a string.
  static std::string Variables(const std::string& next = "UNCHANGED <<x, y, p, q, S, T, f, g, r, s>>") {
    return "VARIABLES x, y, p, q, S, T, f, g, r, s\n"
           "Init == x = 0 /\\ y = 0 /\\ p = TRUE /\\ q = TRUE /\\ S = {} /\\ T = {} /\\ f = <<>> /\\ g = <<>> /\\ r = "
           "<<>> /\\ "
           "s = \"\"\n"
           "Double(n) == n + n\nRECURSIVE Sum(_)\nSum(n) == IF n <= 0 THEN 0 ELSE n + Sum(n - 1)\n"
           "Next == " +
           next + "\n";
  }

  eval::State State() {
    using eval::Value;
    const auto number = [&] { return Value::Int(static_cast<std::int64_t>(Next(6)) - 1); };
    const auto set = [&] {
      std::vector<Value> elements;
      for (std::size_t i = Next(4); i > 0; --i) elements.push_back(number());
      return *eval::MakeSet(std::move(elements));
    };
    const Value names = Value::SetFromSorted({Value::String("a"), Value::String("b")});
    return {
        number(),
        number(),
        Value::Bool(Next(2) == 0),
        Value::Bool(Next(2) == 0),
        set(),
        set(),
        Value::Sequence({number(), number(), number()}),
        Value::Function(names, {number(), number()}),
        Value::Record({{eval::Intern("a"), number()}, {eval::Intern("t"), Value::String(Next(2) == 0 ? "a" : "b")}}),
        Value::String(Next(2) == 0 ? "a" : "b")};
  }

  std::string Any(std::size_t depth) {
    switch (Next(6)) {
      case 0:
      case 1: return Bool(depth);
      case 2:
      case 3: return Int(depth);
      case 4: return Set(depth);
      default: return Function(depth);
    }
  }

  std::string Int(std::size_t d) {
    if (d == 0) return Pick({"x", "y", "0", "1", "2", "3", "r.a"});
    switch (Next(17)) {
      case 0: return "(" + Int(d - 1) + " + " + Int(d - 1) + ")";
      case 1: return "(" + Int(d - 1) + " - " + Int(d - 1) + ")";
      case 2: return "(" + Int(d - 1) + " * " + Int(0) + ")";
      case 3: return "(" + Int(d - 1) + " \\div " + Pick({"2", "3", "(-2)", "y"}) + ")";
      case 4: return "(" + Int(d - 1) + " % " + Pick({"2", "3", "x"}) + ")";
      case 5: return "(IF " + Bool(d - 1) + " THEN " + Int(d - 1) + " ELSE " + Int(d - 1) + ")";
      case 6: return "Cardinality(" + Set(d - 1) + ")";
      case 7: return Sequence(d - 1) + "[" + Pick({"1", "2", "x", "((x % 3) + 1)"}) + "]";
      case 8: return "g[" + Pick({"\"a\"", "s", "r.t"}) + "]";
      case 9: return "Len(" + Sequence(d - 1) + ")";
      case 10:
        return Bind("(CHOOSE $c \\in (" + Set(d - 1) + " \\cup {1}) : " + Pick({"$c >= x", "$c # y", "TRUE"}) + ")");
      case 11: return "Double(" + Int(d - 1) + ")";
      case 12: return Bind("(LET $k == " + Int(d - 1) + " IN $k + $k)");
      case 13:
        return "(CASE " + Bool(d - 1) + " -> " + Int(d - 1) + " [] " + Bool(d - 1) + " -> " + Int(d - 1) +
               " [] OTHER -> x)";
      case 14: return "Sum(" + Pick({"x", "y", "3", "(x % 4)"}) + ")";
      case 15: return "Head(" + Sequence(d - 1) + ")";
      default: return "[r EXCEPT !.a = @ + " + Int(d - 1) + "].a";
    }
  }

  std::string Bool(std::size_t d) {
    if (d == 0) return Pick({"p", "q", "TRUE", "x > 1", "s = \"a\"", "x \\in S"});
    switch (Next(17)) {
      case 0: return "(" + Bool(d - 1) + " /\\ " + Bool(d - 1) + ")";
      case 1: return "(" + Bool(d - 1) + " \\/ " + Bool(d - 1) + ")";
      case 2: return "~" + Bool(d - 1);
      case 3: return "(" + Bool(d - 1) + " => " + Bool(d - 1) + ")";
      case 4: return "(" + Bool(d - 1) + " <=> " + Bool(d - 1) + ")";
      case 5: return "(" + Int(d - 1) + " = " + Int(d - 1) + ")";
      case 6: return "(" + Int(d - 1) + Pick({" < ", " <= ", " > ", " >= ", " # "}) + Int(d - 1) + ")";
      case 7: return "(" + Int(d - 1) + Pick({" \\in ", " \\notin "}) + Set(d - 1) + ")";
      case 8:
        return Bind("(\\A $k \\in " + Set(d - 1) + " : " +
                    Pick({"$k > x", "$k \\in T", "$k # y /\\ p", "f[($k % 3) + 1] >= 0"}) + ")");
      case 9:
        return Bind("(\\E $k \\in " + Set(d - 1) + ", $j \\in T : " + Pick({"$k > $j", "$k = x", "$k + $j \\in S"}) +
                    ")");
      case 10: return "(" + Set(d - 1) + " = " + Set(d - 1) + ")";
      case 11: return "(" + Set(d - 1) + " \\subseteq " + Set(d - 1) + ")";
      case 12: return "(" + Function(d - 1) + " = " + Function(d - 1) + ")";
      case 13: return "(" + Set(d - 1) + " \\in SUBSET (0..3))";
      case 14:
        return "(" + Sequence(d - 1) + Pick({" \\in Seq(Nat))", " \\in Seq(0..2))", " \\in [1..3 -> Int])", " = f)"});
      case 15: return "(r \\in [a : " + Set(d - 1) + ", t : {\"a\", \"b\"}])";
      default: return "(<<x, s>> \\in (" + Set(d - 1) + " \\X {\"a\"}))";
    }
  }

  std::string Set(std::size_t d) {
    if (d == 0) return Pick({"S", "T", "{}", "{x, y}", "(0..2)", "{1, 3}"});
    switch (Next(14)) {
      case 0: return "(" + Set(d - 1) + " \\cup " + Set(d - 1) + ")";
      case 1: return "(" + Set(d - 1) + " \\cap " + Set(d - 1) + ")";
      case 2: return "(" + Set(d - 1) + " \\ " + Set(d - 1) + ")";
      case 3: return Bind("{$k \\in " + Set(d - 1) + " : " + Pick({"$k > x", "$k \\in T", "$k % 2 = 0", "p"}) + "}");
      case 4: return Bind("{" + Pick({"$k + 1", "$k * $k", "IF p THEN $k ELSE y"}) + " : $k \\in " + Set(d - 1) + "}");
      case 5: return "{" + Int(d - 1) + ", " + Int(d - 1) + "}";
      case 6: return "(" + Pick({"0", "x", "1"}) + ".." + Pick({"y", "3", "2"}) + ")";
      case 7: return "(DOMAIN " + Sequence(d - 1) + ")";
      case 8: return "(UNION {" + Set(d - 1) + ", " + Set(d - 1) + "})";
      case 9: return "(IF " + Bool(d - 1) + " THEN " + Set(d - 1) + " ELSE " + Set(d - 1) + ")";
      case 10: return Bind("(LET $U == " + Set(d - 1) + " IN $U \\cup $U)");
      case 11: return Bind("{$i \\in 0..3 : <<$i, x>> \\in (" + Set(d - 1) + " \\X " + Set(d - 1) + ")}");
      case 12: return Bind("{f[$i] : $i \\in DOMAIN f}");
      default: return Bind("{$k + $j : $k \\in S, $j \\in " + Set(0) + "}");
    }
  }

  std::string Sequence(std::size_t d) {
    if (d == 0) return Pick({"f", "<<1, x>>", "<<>>", "<<y>>"});
    switch (Next(9)) {
      case 0: return "Append(" + Sequence(d - 1) + ", " + Int(d - 1) + ")";
      case 1: return "(" + Sequence(d - 1) + " \\o " + Sequence(d - 1) + ")";
      case 2: return "Tail(" + Sequence(d - 1) + ")";
      case 3: return "SubSeq(" + Sequence(d - 1) + ", 1, " + Pick({"1", "2", "x"}) + ")";
      case 4: return Bind("[$i \\in 1..3 |-> " + Pick({"f[$i] + x", "$i * y", "IF $i = x THEN 1 ELSE f[$i]"}) + "]");
      case 5: return "[f EXCEPT ![" + Pick({"1", "x", "((y % 3) + 1)"}) + "] = " + Int(d - 1) + "]";
      case 6: return Bind("SelectSeq(" + Sequence(d - 1) + ", LAMBDA $e : $e > x)");
      case 7: return "(IF " + Bool(d - 1) + " THEN " + Sequence(d - 1) + " ELSE " + Sequence(d - 1) + ")";
      default: return Bind("SortSeq(" + Sequence(d - 1) + ", LAMBDA $a, $b : $a < $b)");
    }
  }

  std::string Function(std::size_t d) {
    if (d == 0) return Pick({"f", "g", "r", "h", "[a |-> x, t |-> s]"});
    switch (Next(8)) {
      case 0: return Sequence(d - 1);
      case 1: return "[g EXCEPT ![" + Pick({"\"a\"", "s"}) + "] = @ + " + Int(d - 1) + "]";
      case 2: return "[r EXCEPT !.a = " + Int(d - 1) + ", !.t = s]";
      case 3: return "[a |-> " + Int(d - 1) + ", t |-> " + Pick({"s", "\"b\"", "r.t"}) + "]";
      case 4: return "(IF " + Bool(d - 1) + " THEN " + Function(d - 1) + " ELSE r)";
      case 5: return Bind("[$k \\in " + Set(d - 1) + " |-> $k + x]");
      case 6: return "((\"a\" :> " + Int(d - 1) + ") @@ g)";
      default: return Bind("[$k \\in {\"a\", \"b\"} |-> g[$k] + " + Int(d - 1) + "]");
    }
  }

 private:
  // Bound names are written $k: each binder gets one of its own.
  std::string Bind(const std::string& text) {
    const std::string suffix = std::to_string(++bound_count_);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '$') {
        out += text[i];
        continue;
      }
      out += text[++i] + suffix;
    }
    return out;
  }

  std::uint64_t Next(std::uint64_t bound) {
    seed_ ^= seed_ << 13;
    seed_ ^= seed_ >> 7;
    seed_ ^= seed_ << 17;
    return (seed_ >> 11) % bound;
  }
  std::string Pick(const std::vector<std::string>& all) {
    std::string picked = all[Next(all.size())];
    return picked == "h" ? "[a |-> x, t |-> s]" : picked;
  }

  std::uint64_t seed_;
  std::size_t bound_count_ = 0;
};

}  // namespace kelpie::symbolic
