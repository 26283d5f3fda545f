---- MODULE error_domain ----
EXTENDS Naturals
VARIABLES f, i
Init == f = [k \in 1..3 |-> k] /\ i = 1
Next == i' = i + 1 /\ f' = [f EXCEPT ![1] = f[i]]
====
