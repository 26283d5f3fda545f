------------------------------- MODULE Turns --------------------------------
(* Processes that ask for one resource and get it in any order; fairness for each of them. *)
EXTENDS Naturals, FiniteSets

Procs == 1..2

VARIABLES waiting, holder

vars == <<waiting, holder>>
None == 0
Init == waiting = {} /\ holder = None
Ask(p) == p \notin waiting /\ holder # p /\ waiting' = waiting \cup {p} /\ UNCHANGED holder
Take(p) == p \in waiting /\ holder = None /\ holder' = p /\ waiting' = waiting \ {p}
Give(p) == holder = p /\ holder' = None /\ UNCHANGED waiting
Next == \E p \in Procs : Ask(p) \/ Take(p) \/ Give(p)

Free == Init /\ [][Next]_vars
WeakNext == Free /\ WF_vars(Next)
WeakGive == Free /\ \A p \in Procs : WF_vars(Give(p))
WeakAll == Free /\ \A p \in Procs : WF_vars(Ask(p)) /\ WF_vars(Take(p)) /\ WF_vars(Give(p))
StrongTake == Free /\ \A p \in Procs : SF_vars(Take(p)) /\ WF_vars(Give(p))
StrongOne == Free /\ SF_vars(Take(1)) /\ \A p \in Procs : WF_vars(Give(p))
StrongAll == WeakAll /\ \A p \in Procs : SF_vars(Take(p))
StrongAny == Free /\ SF_vars(\E p \in Procs : Take(p)) /\ \A p \in Procs : WF_vars(Give(p))
SomeFair == Free /\ (\E p \in Procs : SF_vars(Take(p))) /\ \A p \in Procs : WF_vars(Give(p))

Served(p) == p \in waiting ~> holder = p
OneServed == Served(1)
AllServed == \A p \in Procs : Served(p)
SomeServed == \E p \in Procs : Served(p)
FreeAgain == []<>(holder = None)
EveryoneHolds == \A p \in Procs : []<>(holder = p)
SomebodyHolds == <>(holder # None)
Progress == waiting # {} ~> holder # None
AskedAndServed == \A p \in Procs : [](p \in waiting => <>(holder = p))
NestedLet == LET Busy == holder # None IN [](Busy => <>~Busy)
Chosen == IF Cardinality(Procs) = 2 THEN <>(holder = 1) ELSE <>(holder = 3)
Handed == \A p, q \in Procs : (p # q) => (holder = p ~> (holder = q \/ holder = None))
Takes(p) == <><<Take(p)>>_vars
EachTakes == \A p \in Procs : Takes(p)
AlwaysTakes == []<><<\E p \in Procs : Take(p)>>_vars
NoHandover == [][\A p \in Procs : holder = p => holder' \in {p, None}]_vars

busy == holder # None
Seen == INSTANCE Busy
Told == INSTANCE Busy WITH busy <- holder \in Procs
SeenSafe == Seen!Safe
SeenStops == Seen!Stops
SeenBoth == Seen!Both
ToldBoth == Told!Both
SeenStart == Seen!StartIsPossible
SeenStop == Seen!StopIsPossible
SeenMoves == Seen!Moves
=============================================================================
