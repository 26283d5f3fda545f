---- MODULE invariant_initially ----
EXTENDS Naturals
VARIABLE x
Init == x \in 0..3
Next == x' = x
Small == x < 3
====
