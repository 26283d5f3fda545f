---- MODULE counter ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = IF x = 9 THEN 0 ELSE x + 1
InRange == x \in 0..9
Spec == Init /\ [][Next]_x
====
