---------------------------- MODULE memo_projections ----------------------------
\* Predicates that read few of the variables, so that most states repeat what they read; the step that
\* breaks the property changes a variable which it reads primed only.
EXTENDS Integers

VARIABLES a, b, c

vars == <<a, b, c>>
Init == a = 0 /\ b = 0 /\ c = 0
Next == \/ a' = (a + 1) % 6 /\ UNCHANGED <<b, c>>
        \/ b' = (b + 1) % 7 /\ UNCHANGED <<a, c>>
        \/ c' = c + 1 /\ UNCHANGED <<a, b>>

Small == a < 6 /\ b < 7
Bounded == c < 9 /\ a + c < 12
Growing == [][c' <= 7 \/ a' # 3]_vars
=============================================================================
