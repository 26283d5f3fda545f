---- MODULE stuttering ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = x \/ (x < 2 /\ x' = x + 1)
Spec == Init /\ [][Next]_x
Rises == [][x' = x + 1]_x
====
