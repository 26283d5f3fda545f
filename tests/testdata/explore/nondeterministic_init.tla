---- MODULE nondeterministic_init ----
EXTENDS Naturals
VARIABLES x, y
\* The pair (1, 1) is named twice: generated twice, found once.
Init == \/ x \in 0..2 /\ y \in {x, 2}
        \/ x = 1 /\ y = 1
Next == x' = y /\ y' = x
====
