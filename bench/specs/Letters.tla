------------------------------- MODULE Letters ------------------------------
(* A register machine on few bits: very small states, very many steps.       *)
EXTENDS Naturals

CONSTANT Size

VARIABLES a, b, c, flag

vars == <<a, b, c, flag>>

Init == a = 0 /\ b = 0 /\ c = 0 /\ flag = FALSE

StepA == a' = (a + 1) % Size /\ flag' = (a > b) /\ UNCHANGED <<b, c>>
StepB == b' = (b + a) % Size /\ UNCHANGED <<a, c, flag>>
StepC == flag /\ c' = (c + b) % Size /\ flag' = FALSE /\ UNCHANGED <<a, b>>
Swap == a' = b /\ b' = a /\ UNCHANGED <<c, flag>>
Flip == ~flag /\ flag' = TRUE /\ UNCHANGED <<a, b, c>>

Next == StepA \/ StepB \/ StepC \/ Swap \/ Flip
Spec == Init /\ [][Next]_vars

Small == a < Size /\ b < Size /\ c < Size
=============================================================================
