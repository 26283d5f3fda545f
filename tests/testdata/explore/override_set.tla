---- MODULE override_set ----
EXTENDS Naturals
VARIABLE x
Times == Nat
Few == {1, 4, 6}
Init == x = 0
Next == \E t \in Times : t > x /\ x' = t
Member == x \in Nat
====
