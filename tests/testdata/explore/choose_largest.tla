---- MODULE choose_largest ----
EXTENDS Naturals
VARIABLES left, last
Largest(S) == CHOOSE x \in S : \A y \in S : y <= x
Init == left = 1..5 /\ last = 6
Next == /\ left # {}
        /\ last' = Largest(left)
        /\ left' \in {left \ {last'}, left \ {last', 1}}
Falling == [][last' < last]_<<left, last>>
Spec == Init /\ [][Next]_<<left, last>>
====
