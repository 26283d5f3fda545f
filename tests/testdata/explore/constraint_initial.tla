---- MODULE constraint_initial ----
EXTENDS Naturals
VARIABLE x
Init == x \in 0..4
Next == x' = (x + 1) % 8
Low == x < 3
Any == x < 5
====
