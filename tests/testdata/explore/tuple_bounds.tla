---- MODULE tuple_bounds ----
EXTENDS Naturals
VARIABLES at, seen
Edges == {<<1, 2>>, <<2, 3>>, <<3, 1>>, <<3, 4>>, <<4, 4>>}
Init == at = 1 /\ seen = {}
Next == \E <<from, to>> \in Edges :
           /\ from = at
           /\ at' = to
           /\ seen' = seen \cup {<<from, to>>}
Known == \A <<p, q>> \in seen : <<p, q>> \in Edges
Ends == {q : <<p, q>> \in seen} \subseteq {2, 3, 1, 4}
Turns == [<<p, q>> \in Edges |-> p + q][3, 4] = 7
====
