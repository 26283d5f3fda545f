---- MODULE counter_limit ----
EXTENDS Naturals
CONSTANT Limit
VARIABLE x
Init == x = 0
Up == x < Limit /\ x' = x + 1
Reset == x = Limit /\ x' = 0
Next == Up \/ Reset
Below == x < Limit
Spec == Init /\ [][Next]_x
====
