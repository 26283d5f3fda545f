---- MODULE tlc_functions ----
EXTENDS Naturals, TLC
VARIABLES f, order
Init == f = (1 :> "a" @@ 2 :> "b") /\ order \in Permutations({1, 2})
Next == \/ f' = (2 :> "c") @@ f /\ UNCHANGED order
        \/ f' = f @@ (3 :> "d") /\ UNCHANGED order
        \/ f' = [k \in DOMAIN f |-> f[k]] /\ order' = [k \in 1..2 |-> order[order[k]]]
Three == Assert(DOMAIN f \subseteq 1..3, "domain") /\ f[1] = "a"
Printed == TLCEval(order[1]) \in {1, 2}
====
