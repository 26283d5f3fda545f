--------------------------- MODULE constraint_counts ---------------------------
\* A constraint that counts how often it is asked: it holds for the first so many generated states.
EXTENDS Integers, TLC

VARIABLES x, y

ASSUME TLCSet(1, 0)

Init == x = 0 /\ y = 0
Next == \/ x' = (x + 1) % 4 /\ UNCHANGED y
        \/ y' = (y + 1) % 5 /\ UNCHANGED x
        \/ x' = y /\ y' = x

Asked == TLCSet(1, TLCGet(1) + 1) /\ TLCGet(1) < 30
=============================================================================
