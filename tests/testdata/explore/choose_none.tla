---- MODULE choose_none ----
EXTENDS Naturals
VARIABLE x
Init == x = 2
Next == x' = CHOOSE y \in 0..5 : y < x
====
