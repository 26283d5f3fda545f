---- MODULE assigned_twice ----
EXTENDS Naturals
VARIABLE x
\* The second equation is a condition on the value that the first one gave.
Init == x = 0
Next == \/ x' = 1 /\ x' = 2
        \/ x' = x + 1 /\ x' \in {1, 2}
        \/ x = 2 /\ x' = 0
====
