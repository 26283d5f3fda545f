------------------------------- MODULE Calls -------------------------------
(* Recursive operators and functions are units of their own.               *)
EXTENDS Naturals, FiniteSets, Sequences
VARIABLE s

RECURSIVE Sum(_)
Sum(S) == IF S = {} THEN 0 ELSE LET e == CHOOSE e \in S : TRUE IN e + Sum(S \ {e})
Fold(Op(_, _), base, q) ==
  LET RECURSIVE From(_)
      From(t) == IF t = <<>> THEN base ELSE Op(Head(t), From(Tail(t)))
  IN From(q)
Fact[n \in Nat] == IF n = 0 THEN 1 ELSE n * Fact[n - 1]

Init == s = <<>>
Next ==
  LET RECURSIVE Down(_)
      Down(n) == IF n = 0 THEN Len(s) ELSE Down(n - 1)
  IN s' = Append(s, Sum({1, 2, Down(2)}) + Fold(LAMBDA a, b : a + b, Len(s), s) + Fact[2])
============================================================================
