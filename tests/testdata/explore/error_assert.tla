---- MODULE error_assert ----
EXTENDS Naturals, TLC
VARIABLE x
Init == x = 0
Next == Assert(x < 2, "too far") /\ x' = x + 1
====
