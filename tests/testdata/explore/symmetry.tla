---- MODULE symmetry ----
EXTENDS TLC
CONSTANT Nodes
VARIABLE holder
Init == holder = [n \in Nodes |-> "idle"]
Ask(n) == holder[n] = "idle" /\ holder' = [holder EXCEPT ![n] = "asks"]
Enter(n) == /\ holder[n] = "asks" /\ \A m \in Nodes : holder[m] # "in"
            /\ holder' = [holder EXCEPT ![n] = "in"]
Leave(n) == holder[n] = "in" /\ holder' = [holder EXCEPT ![n] = "idle"]
Next == \E n \in Nodes : Ask(n) \/ Enter(n) \/ Leave(n)
Alone == \A n, m \in Nodes : holder[n] = "in" /\ holder[m] = "in" => n = m
Symmetric == Permutations(Nodes)
====
