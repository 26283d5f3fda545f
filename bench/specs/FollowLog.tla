----------------------------- MODULE FollowLog -----------------------------
(* Accounts whose steps are those of a log, a line each. *)
EXTENDS Integers, Sequences, Json

CONSTANT File

VARIABLES line, balance

Log == ndJsonDeserialize(File)

Init == line = 1 /\ balance = [a \in 1..Log[1].accounts |-> 0]

Take(l) ==
  \/ /\ l.op = "put"
     /\ balance' = [balance EXCEPT ![l.account] = @ + l.amount]
  \/ /\ l.op = "take"
     /\ balance[l.account] >= l.amount
     /\ balance' = [balance EXCEPT ![l.account] = @ - l.amount]

Next == line < Len(Log) /\ line' = line + 1 /\ Take(Log[line'])

Spec == Init /\ [][Next]_<<line, balance>>

NeverNegative == \A a \in DOMAIN balance : balance[a] >= 0
=============================================================================
