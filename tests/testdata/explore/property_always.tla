---- MODULE property_always ----
\* []P as a PROPERTY is an invariant: by itself, under a name, and beside a step's property.
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Up == x < 5 /\ x' = x + 1 /\ UNCHANGED y
Over == x = 3 /\ y < 2 /\ y' = y + 1 /\ UNCHANGED x
Next == Up \/ Over
Spec == Init /\ [][Next]_vars

Low(n) == x <= n
Inside == [](x <= 5)
Both == Inside /\ [][x' >= x]_vars
Never == [](y < 2)
Named == [](Low(4))
====
