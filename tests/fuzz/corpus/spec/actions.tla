---- MODULE M ----
EXTENDS Integers, Sequences
CONSTANT Node
VARIABLES x, f
Init == x = 0 /\ f = [n \in Node |-> <<>>]
Send(n) == /\ x < 3
           /\ \/ x' = x + 1
              \/ x' = x - 1 /\ TRUE
           /\ f' = [f EXCEPT ![n] = Append(@, x)]
Next == \E n \in Node : Send(n)
Spec == Init /\ [][Next]_<<x, f>> /\ WF_x(Next)
====
