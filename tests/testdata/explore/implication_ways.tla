---- MODULE implication_ways ----
EXTENDS Integers
\* P => Q as a conjunct of a step: P is a truth, Q takes part in the step. It may assign, and its ways count.
VARIABLES n, mark
Quorum(b) == \E c \in -1..b : (c # -1) => \E a \in {1, 2} : a <= n + 1
Vote == n < 3 /\ (\E q \in {1, 2} : Quorum(1)) /\ n' = n + 1 /\ UNCHANGED mark
Mark == /\ n' = n
        /\ TRUE => mark' \in {n, n + 1}
        /\ n > 1 => (mark' = n \/ mark' = 0 \/ n = 2)
Init == n = 0 /\ mark = 0
Next == Vote \/ Mark
Bounded == mark <= n + 1
====
