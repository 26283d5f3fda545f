---- MODULE error_invariant_not_boolean ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x + 1
====
