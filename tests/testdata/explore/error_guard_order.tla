---- MODULE error_guard_order ----
EXTENDS Naturals
VARIABLE x
\* The false guard stands before the error and hides it until x is 2.
Init == x = 0
Next == \/ x < 2 /\ x' = x + 1
        \/ x = 2 /\ 1 \div (2 - x) = 1 /\ x' = 0
====
