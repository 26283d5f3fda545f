------------------------- MODULE function_actions --------------------------
(* Actions and guards that are values of functions: variables get their values inside, and ways count. *)
EXTENDS Naturals

VARIABLES n, m

Init == n = 0 /\ m = 0

Recursive == LET step[i \in 0..3] == IF i = 0 THEN n' = n + 1 ELSE step[i - 1] IN step[2]
Written == LET by == [i \in 0..3 |-> n' = n + i] IN by[2]
Top[i \in 0..3] == IF i = 0 THEN m' = m + 1 ELSE \E q \in {1, 2} : n >= 0 /\ Top[i - 1]
Plain == [i \in 0..3 |-> \E q \in {1, 2, 3} : n >= i]
Pairs == [i, j \in 0..3 |-> \E q \in {1, j} : n >= i]
Twice == LET both[i \in 0..2] == \E q \in 0..i : m' \in {q, q + i} IN both[1] /\ both[2]

Next ==
    /\ n < 4 /\ m < 4
    /\ \/ Recursive /\ m' = m
       \/ Written /\ UNCHANGED m
       \/ Top[2] /\ n' = n
       \/ [i \in 0..3 |-> \E q \in {1, 2, i} : n >= 0][2] /\ n' = n + 1 /\ m' = m
       \/ Plain[n % 3] /\ n' = n + 1 /\ m' = m
       \/ Pairs[0, 3] /\ n' = n + 1 /\ m' = m
       \/ Twice /\ n' = n + 1
=============================================================================
