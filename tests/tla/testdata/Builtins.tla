---- MODULE Builtins ----
\* Every built-in operator, by each of its spellings.
EXTENDS Naturals, Integers, Sequences, FiniteSets, TLC
CONSTANTS S, T, p, q, m, n, s, f

Logic == <<~p, \lnot p, \neg p, p => q, p <=> q, p \equiv q, p /\ q, p \land q, p \/ q, p \lor q>>
Relations == <<m = n, m # n, m /= n, m \in S, m \notin S, S \subseteq T>>
SetOperators == <<S \cup T, S \union T, S \cap T, S \intersect T, S \ T, SUBSET S, UNION S, DOMAIN f, S \X T, S \times T>>
SetNames == <<BOOLEAN, STRING, Nat, Int>>
Arithmetic == <<m + n, m - n, -n, m * n, m ^ n, m \div n, m % n, m..n>>
Order == <<m < n, m <= n, m =< n, m \leq n, m > n, m >= n, m \geq n>>
OnSequences == <<Seq(S), Len(s), Head(s), Tail(s), Append(s, n), s \o s, s \circ s, SubSeq(s, m, n),
                 SelectSeq(s, LAMBDA e : e > 0)>>
OnFiniteSets == <<IsFiniteSet(S), Cardinality(S)>>
Tlc == <<1 :> 2, f @@ f, Permutations(S), SortSeq(s, <), Print(m, n), PrintT(m), Assert(p, "no"), JavaTime,
         ToString(m), TLCEval(m), TLCGet(1), TLCSet(1, m), RandomElement(S), Any>>
====
