---- MODULE mutex_no_turn ----
EXTENDS Naturals
VARIABLES pc, flag
Init == pc = [i \in 0..1 |-> "out"] /\ flag = [i \in 0..1 |-> FALSE]
Try(i) == pc[i] = "out" /\ ~flag[1 - i] /\ pc' = [pc EXCEPT ![i] = "set"] /\ UNCHANGED flag
Enter(i) == pc[i] = "set" /\ pc' = [pc EXCEPT ![i] = "in"] /\ flag' = [flag EXCEPT ![i] = TRUE]
Leave(i) == pc[i] = "in" /\ pc' = [pc EXCEPT ![i] = "out"] /\ flag' = [flag EXCEPT ![i] = FALSE]
Next == \E i \in 0..1 : Try(i) \/ Enter(i) \/ Leave(i)
Alone == ~(pc[0] = "in" /\ pc[1] = "in")
====
