------------------------ MODULE KelpieRegistryBroken ------------------------
(***************************************************************************)
(* The registry with one mistake at a time.                                *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieRegistryBroken_X.cfg puts it there.  Invariants and *)
(* properties are those of KelpieRegistry, untouched.  Where X is one of   *)
(* them, X is violated and all others hold within the bounds of the        *)
(* configuration; where X names a mistake, the README says what it breaks. *)
(***************************************************************************)
EXTENDS KelpieRegistry

\* For HeartbeatTick: the count goes on when nobody asks for it any more.
TickOn(n, m) ==
    /\ n # m /\ isAlive[n]
    /\ ~unread[n][m]
    /\ heartbeatCount[n][m] <= MaxHeartbeatMiss
    /\ heartbeatCount' = [heartbeatCount EXCEPT ![n][m] = @ + 1]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, activation, cache, storeVars, calls>>

\* For ClaimActor: a claim that finds the row taken goes on under what it found.
ClaimOrAdopt(n, a) ==
    /\ isAlive[n]
    /\ activation[n][a] = 0
    /\ MayClaim(n)
    /\ IF IsFree(n, a)
       THEN LET row == [node |-> n, generation |-> placement[a].generation + 1]
            IN /\ placement' = [placement EXCEPT ![a] = row]
               /\ activation' = [activation EXCEPT ![n][a] = row.generation]
               /\ cache' = [cache EXCEPT ![n][a] = row]
       ELSE /\ activation' = [activation EXCEPT ![n][a] = placement[a].generation]
            /\ UNCHANGED <<placement, cache>>
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, unread, nodeStatus, calls>>

\* For RowToCache: a claim that is going to be made is told about before it is.
RowOfNextClaim(n, a) == [node |-> n, generation |-> placement[a].generation + 1]

\* For ReleaseActor: the row is emptied and keeps its generation.
ReleaseInPlace(n, a) ==
    /\ isAlive[n]
    /\ activation[n][a] # 0
    /\ activation[n][a] = placement[a].generation
    /\ placement' = [placement EXCEPT ![a].node = NoNode]
    /\ activation' = [activation EXCEPT ![n][a] = 0]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, cache, unread, nodeStatus, calls>>

\* For ReleaseActor: whoever has the row now.
ReleaseBlindly(n, a) ==
    /\ isAlive[n]
    /\ activation[n][a] # 0
    /\ placement' = [placement EXCEPT ![a] = NoEntry]
    /\ activation' = [activation EXCEPT ![n][a] = 0]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, cache, unread, nodeStatus, calls>>

\* For MayCommit: what is active is served.
CommitAnyway(n, a) == TRUE

\* For StoodStill: the suspicion is reason enough.
StoodStillOnce(n, m) == TRUE

\* For MayClaim: nobody looks whether the claimer is a member.
ClaimAsAnybody(n) == TRUE

\* For IsFree: a holder that the claimer suspects has lost its actors.
IsFreeOrSuspected(n, a) ==
    IF placement[a].node \in {NoNode, n} THEN TRUE
    ELSE nodeStatus[placement[a].node] = "Failed" \/ Suspects(n, placement[a].node)

\* For IsFree: what a failed node has stays with it.
IsFreeOnRelease(n, a) == placement[a].node = NoNode

\* For Suspects: all nodes have to agree, and the failed one is one of them.
AllSuspect(n, m) == \A o \in Nodes : heartbeatCount[o][m] >= MaxHeartbeatMiss

\* For Corrected: "not here" changes nothing.
CorrectedByOk(entry, call) ==
    IF call.kind = "ok" /\ call.generation >= entry.generation
    THEN [node |-> call.to, generation |-> call.generation] ELSE entry
=============================================================================
