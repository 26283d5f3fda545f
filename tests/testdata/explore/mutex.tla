---- MODULE mutex ----
EXTENDS Naturals
VARIABLES pc, flag, turn
vars == <<pc, flag, turn>>
Other(i) == 1 - i
Init == pc = [i \in 0..1 |-> "out"] /\ flag = [i \in 0..1 |-> FALSE] /\ turn = 0
Go(i, from, to) == pc[i] = from /\ pc' = [pc EXCEPT ![i] = to]
Raise(i) == Go(i, "out", "raised") /\ flag' = [flag EXCEPT ![i] = TRUE] /\ UNCHANGED turn
Yield(i) == Go(i, "raised", "waits") /\ turn' = Other(i) /\ UNCHANGED flag
Enter(i) == /\ Go(i, "waits", "in")
            /\ ~flag[Other(i)] \/ turn = i
            /\ UNCHANGED <<flag, turn>>
Leave(i) == Go(i, "in", "out") /\ flag' = [flag EXCEPT ![i] = FALSE] /\ UNCHANGED turn
Next == \E i \in 0..1 : Raise(i) \/ Yield(i) \/ Enter(i) \/ Leave(i)
Alone == ~(pc[0] = "in" /\ pc[1] = "in")
Spec == Init /\ [][Next]_vars
====
