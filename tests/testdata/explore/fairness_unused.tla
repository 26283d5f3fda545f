---- MODULE fairness_unused ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Go == x' = (x + 1) % 3
Spec == Init /\ [][Go]_x /\ WF_x(Go)
====
