---- MODULE action_constraint ----
EXTENDS Integers
VARIABLES x, y
Init == x = 0 /\ y = 0
Next == \/ x' = (x + 1) % 5 /\ y' = y
        \/ y' = (y + 1) % 5 /\ x' = x
InStep == x' + y' <= x + y + 1
NearDiagonal == x' - y' \in -1..1
====
