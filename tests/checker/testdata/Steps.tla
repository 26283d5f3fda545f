------------------------------- MODULE Steps -------------------------------
(* The conjuncts of steps, and what is asked instead of made.              *)
EXTENDS Naturals
VARIABLES f, r
vars == <<f, r>>
Keys == {"a", "b"}

Init == f \in [Keys -> 0..1] /\ r = [count |-> 0, last |-> "a"]
Change(k) == f' = [f EXCEPT ![k] = @ + 1] /\ r' = [r EXCEPT !.count = @ + 1, !.last = k]
Choose == f' \in {g \in [Keys -> Nat] : \A k \in Keys : g[k] = f[k]} /\ UNCHANGED r
Next == (\E k \in Keys : f[k] < 2 /\ Change(k)) \/ (ENABLED Choose /\ Choose)
Spec == Init /\ [][Next]_vars
Typed == f \in [Keys -> Nat] /\ r \in [count : Nat, last : Keys]
Grows == [][r'.count >= r.count]_r
============================================================================
