-------------------------------- MODULE Tokens ------------------------------
(* Is the ring idle? A token that goes round with a count finds out.         *)
EXTENDS Integers

CONSTANTS Count, Most

VARIABLES active, tainted, counter, pending, token

vars == <<active, tainted, counter, pending, token>>
Nodes == 0..(Count - 1)

Init ==
  /\ active \in [Nodes -> BOOLEAN]
  /\ tainted = [n \in Nodes |-> FALSE]
  /\ counter = [n \in Nodes |-> 0]
  /\ pending = [n \in Nodes |-> 0]
  /\ token = [at |-> 0, sum |-> 0, tainted |-> TRUE]

Start ==
  /\ token.at = 0
  /\ token.tainted \/ tainted[0] \/ counter[0] + token.sum # 0
  /\ token' = [at |-> Count - 1, sum |-> 0, tainted |-> FALSE]
  /\ tainted' = [tainted EXCEPT ![0] = FALSE]
  /\ UNCHANGED <<active, counter, pending>>

Pass(n) ==
  /\ n # 0 /\ ~active[n] /\ token.at = n
  /\ token' = [at |-> n - 1, sum |-> token.sum + counter[n], tainted |-> token.tainted \/ tainted[n]]
  /\ tainted' = [tainted EXCEPT ![n] = FALSE]
  /\ UNCHANGED <<active, counter, pending>>

Send(n) ==
  /\ active[n] /\ counter[n] < Most
  /\ counter' = [counter EXCEPT ![n] = @ + 1]
  /\ \E m \in Nodes \ {n} : pending[m] < Most /\ pending' = [pending EXCEPT ![m] = @ + 1]
  /\ UNCHANGED <<active, tainted, token>>

Receive(n) ==
  /\ pending[n] > 0 /\ counter[n] > 0 - Most
  /\ pending' = [pending EXCEPT ![n] = @ - 1]
  /\ counter' = [counter EXCEPT ![n] = @ - 1]
  /\ tainted' = [tainted EXCEPT ![n] = TRUE]
  /\ active' = [active EXCEPT ![n] = TRUE]
  /\ UNCHANGED token

Rest(n) ==
  /\ active[n]
  /\ active' = [active EXCEPT ![n] = FALSE]
  /\ UNCHANGED <<tainted, counter, pending, token>>

Next == Start \/ \E n \in Nodes : Pass(n) \/ Send(n) \/ Receive(n) \/ Rest(n)
Spec == Init /\ [][Next]_vars

RECURSIVE Total(_, _)
Total(f, n) == IF n = 0 THEN f[0] ELSE f[n] + Total(f, n - 1)

NothingLost == Total(pending, Count - 1) = Total(counter, Count - 1)
IsIdle == \A n \in Nodes : ~active[n] /\ pending[n] = 0
Detected ==
  /\ token.at = 0 /\ ~token.tainted /\ ~tainted[0] /\ ~active[0]
  /\ counter[0] + token.sum = 0
DetectedIsIdle == Detected => IsIdle
=============================================================================
