---- MODULE unchanged ----
EXTENDS Naturals
VARIABLES a, b, c
ab == <<a, b>>
all == <<ab, c>>
Init == a = 0 /\ b = 1 /\ c = 2
StepC == c' = (c + 1) % 3 /\ UNCHANGED ab
StepAB == a' = b /\ b' = a /\ UNCHANGED <<c>>
Nothing == UNCHANGED all
Next == StepC \/ StepAB \/ Nothing
Spec == Init /\ [][Next]_all
Sum == [][a' + b' = a + b]_all
====
