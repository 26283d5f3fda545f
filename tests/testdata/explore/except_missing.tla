---- MODULE except_missing ----
EXTENDS Naturals
VARIABLE f
\* EXCEPT at an argument outside the domain changes nothing.
Init == f = [k \in 1..2 |-> 0]
Next == f' = [f EXCEPT ![3] = 7, ![2] = 1 - @]
Same == DOMAIN f = 1..2
====
