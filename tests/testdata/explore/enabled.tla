---- MODULE enabled ----
EXTENDS Naturals
VARIABLES x, locked
Init == x = 0 /\ locked = FALSE
Up == ~locked /\ x < 3 /\ x' = x + 1 /\ UNCHANGED locked
Down == \E d \in 1..2 : x >= d /\ x' = x - d /\ UNCHANGED locked
Toggle == locked' = ~locked /\ UNCHANGED x
Next == Up \/ Down \/ Toggle
UpWhenFree == ENABLED Up <=> (~locked /\ x < 3)
DownAbove == x > 0 => ENABLED Down
NeverStuck == ENABLED Next
====
