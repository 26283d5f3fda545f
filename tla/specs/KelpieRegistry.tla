--------------------------- MODULE KelpieRegistry ---------------------------
(***************************************************************************)
(* Where an actor is, who may find it there, and who notices that a node   *)
(* is gone.                                                                *)
(*                                                                         *)
(* The store has a row for each actor: the node that has it and a          *)
(* generation, which every change of the row raises and which survives     *)
(* release.  Nodes keep copies of rows to send calls by.  A copy may be    *)
(* old: it is found out when it is used, because whoever is called         *)
(* compares the generation under which it has the actor with the row.      *)
(*                                                                         *)
(* Each node counts for itself how often it looked at another's session    *)
(* in vain.  That is a suspicion, and it may be wrong: the node may be     *)
(* slow and no more.  It is evicted only by a transaction that finds its   *)
(* session as it was when the counting began, and its actors are free      *)
(* only then.  An evicted node that still runs is fenced by generations,   *)
(* whatever it believes.                                                   *)
(*                                                                         *)
(* Transactions are one step here, with their outcome known;               *)
(* KelpieSingleActivation has claims that are answered late or never.      *)
(* There is no time: how long a node waits between two looks is the matter *)
(* of KelpieLease.                                                         *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
    Nodes,
    Actors,
    NoNode,
    MaxHeartbeatMiss     \* looks in vain that make a suspicion

ASSUME /\ NoNode \notin Nodes
       /\ MaxHeartbeatMiss \in Nat /\ MaxHeartbeatMiss >= 1

VARIABLES
    isAlive,             \* environment: whether the node's process runs
    heartbeatCount,      \* memory of each node: looks in vain at each other node's session
    unread,              \* store, for each pair: the session has changed since the first looked at the second's
    nodeStatus,          \* store: the member rows
    placement,           \* store: [node, generation] of each actor
    activation,          \* memory: the generation under which the node has the actor, 0 for none
    cache,               \* memory: a copy of the actor's row
    calls,               \* network: calls and their answers
    served               \* memory: the last invocation, until the next step

memoryVars == <<heartbeatCount, activation, cache>>
storeVars == <<unread, nodeStatus, placement>>
vars == <<isAlive, heartbeatCount, unread, nodeStatus, placement, activation, cache, calls, served>>

-----------------------------------------------------------------------------
NoEntry == [node |-> NoNode, generation |-> 0]
NothingServed == [actor |-> NoNode, node |-> NoNode, generation |-> 0]

Init ==
    /\ isAlive = [n \in Nodes |-> TRUE]
    /\ heartbeatCount = [n \in Nodes |-> [m \in Nodes |-> 0]]
    /\ unread = [n \in Nodes |-> [m \in Nodes |-> TRUE]]
    /\ nodeStatus = [n \in Nodes |-> "Active"]
    /\ placement = [a \in Actors |-> NoEntry]
    /\ activation = [n \in Nodes |-> [a \in Actors |-> 0]]
    /\ cache = [n \in Nodes |-> [a \in Actors |-> NoEntry]]
    /\ calls = {}
    /\ served = NothingServed

ServeNothing == served' = NothingServed

-----------------------------------------------------------------------------
\* Sessions, suspicion and eviction.

\* Renewal. Whoever looks next sees that the session has changed.
SendHeartbeat(n) ==
    /\ isAlive[n]
    /\ \E m \in Nodes \ {n} : ~unread[m][n]
    /\ unread' = [m \in Nodes |-> [unread[m] EXCEPT ![n] = TRUE]]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, memoryVars, nodeStatus, placement, calls>>

ObserveHeartbeat(n, m) ==
    /\ n # m /\ isAlive[n]
    /\ unread[n][m]
    /\ unread' = [unread EXCEPT ![n][m] = FALSE]
    /\ heartbeatCount' = [heartbeatCount EXCEPT ![n][m] = 0]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, activation, cache, nodeStatus, placement, calls>>

\* A look in vain.
HeartbeatTick(n, m) ==
    /\ n # m /\ isAlive[n]
    /\ ~unread[n][m]
    /\ heartbeatCount[n][m] < MaxHeartbeatMiss
    /\ heartbeatCount' = [heartbeatCount EXCEPT ![n][m] = @ + 1]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, activation, cache, storeVars, calls>>

Suspects(n, m) == heartbeatCount[n][m] >= MaxHeartbeatMiss

\* The session is as it was when the counting began: compared in the transaction, not before.
StoodStill(n, m) == ~unread[n][m]

DetectFailure(n, m) ==
    /\ n # m /\ isAlive[n]
    /\ Suspects(n, m)
    /\ StoodStill(n, m)
    /\ nodeStatus[m] = "Active"
    /\ nodeStatus' = [nodeStatus EXCEPT ![m] = "Failed"]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, memoryVars, unread, placement, calls>>

\* KelpieClusterMembership has the admission behind this.
NodeJoin(n) ==
    /\ isAlive[n]
    /\ nodeStatus[n] = "Failed"
    /\ nodeStatus' = [nodeStatus EXCEPT ![n] = "Active"]
    /\ unread' = [m \in Nodes |-> [unread[m] EXCEPT ![n] = TRUE]]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, memoryVars, placement, calls>>

NodeCrash(n) ==
    /\ isAlive[n]
    /\ isAlive' = [isAlive EXCEPT ![n] = FALSE]
    /\ activation' = [activation EXCEPT ![n] = [a \in Actors |-> 0]]
    /\ cache' = [cache EXCEPT ![n] = [a \in Actors |-> NoEntry]]
    /\ heartbeatCount' = [heartbeatCount EXCEPT ![n] = [m \in Nodes |-> 0]]
    /\ unread' = [unread EXCEPT ![n] = [m \in Nodes |-> TRUE]]
    /\ ServeNothing
    /\ UNCHANGED <<nodeStatus, placement, calls>>

\* The next process knows nothing.
NodeRestart(n) ==
    /\ ~isAlive[n]
    /\ isAlive' = [isAlive EXCEPT ![n] = TRUE]
    /\ ServeNothing
    /\ UNCHANGED <<memoryVars, storeVars, calls>>

-----------------------------------------------------------------------------
\* Placement.

\* Nobody has it, or a process of this node had it, or a node that was evicted.
IsFree(n, a) == IF placement[a].node \in {NoNode, n} THEN TRUE ELSE nodeStatus[placement[a].node] = "Failed"

MayClaim(n) == nodeStatus[n] = "Active"

\* The row, the own member row and the holder's are compared in one transaction.
ClaimActor(n, a) ==
    /\ isAlive[n]
    /\ activation[n][a] = 0
    /\ MayClaim(n)
    /\ IsFree(n, a)
    /\ LET row == [node |-> n, generation |-> placement[a].generation + 1]
       IN /\ placement' = [placement EXCEPT ![a] = row]
          /\ activation' = [activation EXCEPT ![n][a] = row.generation]
          /\ cache' = [cache EXCEPT ![n][a] = row]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, unread, nodeStatus, calls>>

\* Only what this activation has, under its generation.
ReleaseActor(n, a) ==
    /\ isAlive[n]
    /\ activation[n][a] # 0
    /\ activation[n][a] = placement[a].generation
    /\ placement' = [placement EXCEPT ![a] = [node |-> NoNode, generation |-> @.generation + 1]]
    /\ activation' = [activation EXCEPT ![n][a] = 0]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, cache, unread, nodeStatus, calls>>

\* The row has moved on: the activation is dropped, and nothing is saved.
DropActivation(n, a) ==
    /\ isAlive[n]
    /\ activation[n][a] # 0
    /\ activation[n][a] # placement[a].generation
    /\ activation' = [activation EXCEPT ![n][a] = 0]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, cache, storeVars, calls>>

-----------------------------------------------------------------------------
\* Calls.

\* What a look into the store finds.
RowToCache(n, a) == placement[a]

LookUp(n, a) ==
    /\ isAlive[n]
    /\ cache[n][a].node = NoNode
    /\ RowToCache(n, a).node # NoNode
    /\ cache' = [cache EXCEPT ![n][a] = RowToCache(n, a)]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, activation, storeVars, calls>>

CallsOf(n, a) == {call \in calls : call.from = n /\ call.actor = a}

\* By the copy, whatever it is worth; one call of a node to an actor at a time.
Route(n, a) ==
    /\ isAlive[n]
    /\ cache[n][a].node # NoNode
    /\ CallsOf(n, a) = {}
    /\ calls' = calls \cup
          {[kind |-> "call", actor |-> a, from |-> n, to |-> cache[n][a].node, generation |-> cache[n][a].generation]}
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, memoryVars, storeVars>>

\* The generation is compared in the commit of what the invocation did.
MayCommit(n, a) == activation[n][a] = placement[a].generation

\* The answer says under which generation, so that the caller's copy is right again.
Serve(n, a) ==
    /\ isAlive[n]
    /\ activation[n][a] # 0
    /\ MayCommit(n, a)
    /\ \E call \in calls :
          /\ call.kind = "call" /\ call.to = n /\ call.actor = a
          /\ calls' = (calls \ {call}) \cup {[call EXCEPT !.kind = "ok", !.generation = activation[n][a]]}
    /\ served' = [actor |-> a, node |-> n, generation |-> activation[n][a]]
    /\ UNCHANGED <<isAlive, memoryVars, storeVars>>

\* "Not here."
Refuse(n, a) ==
    /\ isAlive[n]
    /\ activation[n][a] = 0
    /\ \E call \in calls :
          /\ call.kind = "call" /\ call.to = n /\ call.actor = a
          /\ calls' = (calls \ {call}) \cup {[call EXCEPT !.kind = "stale"]}
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, memoryVars, storeVars>>

\* What an answer makes of the copy that the call went by.
Corrected(entry, call) ==
    IF call.kind = "ok"
    THEN IF call.generation >= entry.generation THEN [node |-> call.to, generation |-> call.generation] ELSE entry
    ELSE IF call.generation = entry.generation THEN NoEntry ELSE entry

LearnReply(n, a) ==
    /\ isAlive[n]
    /\ \E call \in CallsOf(n, a) :
          /\ call.kind # "call"
          /\ calls' = calls \ {call}
          /\ cache' = [cache EXCEPT ![n][a] = Corrected(cache[n][a], call)]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, activation, storeVars>>

\* Nobody answers, or the call was lost: the copy is worth nothing.
TimeOut(n, a) ==
    /\ \E call \in CallsOf(n, a) :
          /\ calls' = calls \ {call}
          /\ cache' = [cache EXCEPT ![n][a] = IF call.generation = @.generation THEN NoEntry ELSE @]
    /\ ServeNothing
    /\ UNCHANGED <<isAlive, heartbeatCount, activation, storeVars>>

-----------------------------------------------------------------------------
Next ==
    \E n \in Nodes :
        \/ SendHeartbeat(n) \/ NodeJoin(n) \/ NodeCrash(n) \/ NodeRestart(n)
        \/ \E m \in Nodes : ObserveHeartbeat(n, m) \/ HeartbeatTick(n, m) \/ DetectFailure(n, m)
        \/ \E a \in Actors :
              \/ ClaimActor(n, a) \/ ReleaseActor(n, a) \/ DropActivation(n, a)
              \/ LookUp(n, a) \/ Route(n, a) \/ Serve(n, a) \/ Refuse(n, a) \/ LearnReply(n, a) \/ TimeOut(n, a)

Spec == Init /\ [][Next]_vars

\* Nodes look, evict and claim; callers call; who is called answers. Nothing is said of heartbeats: a slow
\* node is evicted.
Fairness ==
    /\ \A n, m \in Nodes :
          WF_vars(ObserveHeartbeat(n, m)) /\ WF_vars(HeartbeatTick(n, m)) /\ WF_vars(DetectFailure(n, m))
    /\ \A n \in Nodes, a \in Actors :
          /\ WF_vars(ClaimActor(n, a)) /\ WF_vars(DropActivation(n, a))
          /\ WF_vars(Route(n, a)) /\ WF_vars(Serve(n, a) \/ Refuse(n, a))
          /\ WF_vars(LearnReply(n, a)) /\ WF_vars(TimeOut(n, a))

FairSpec == Spec /\ Fairness

-----------------------------------------------------------------------------
Entry == [node : Nodes \cup {NoNode}, generation : Nat]

TypeOK ==
    /\ isAlive \in [Nodes -> BOOLEAN]
    /\ heartbeatCount \in [Nodes -> [Nodes -> 0..MaxHeartbeatMiss]]
    /\ unread \in [Nodes -> [Nodes -> BOOLEAN]]
    /\ nodeStatus \in [Nodes -> {"Active", "Failed"}]
    /\ placement \in [Actors -> Entry]
    /\ activation \in [Nodes -> [Actors -> Nat]]
    /\ cache \in [Nodes -> [Actors -> Entry]]
    /\ calls \subseteq [kind : {"call", "ok", "stale"}, actor : Actors, from : Nodes, to : Nodes, generation : Nat]
    /\ served \in [actor : Actors \cup {NoNode}, node : Nodes \cup {NoNode}, generation : Nat]

\* At most one node can commit.
SingleActivation ==
    \A a \in Actors : Cardinality({n \in Nodes : activation[n][a] # 0 /\ activation[n][a] = placement[a].generation}) <= 1

\* A copy is of the past or the present, and one of the present generation names the present node.
CacheCoherence ==
    \A n \in Nodes, a \in Actors :
        /\ cache[n][a].generation <= placement[a].generation
        /\ cache[n][a].generation = placement[a].generation /\ cache[n][a].node # NoNode /\ placement[a].node # NoNode
           => cache[n][a].node = placement[a].node

\* Whatever it was routed by, an invocation takes effect under the present generation only.
NoServeOnStaleRoute ==
    [][served' # NothingServed => served'.generation = placement[served'.actor].generation]_vars

FencingTokenMonotonic ==
    [][\A a \in Actors : placement'[a] # placement[a] => placement'[a].generation > placement[a].generation]_vars

\* Nobody is evicted who has renewed since somebody began to count.
EvictedAreSilent ==
    [][\A m \in Nodes : nodeStatus[m] = "Active" /\ nodeStatus'[m] = "Failed" =>
          \E n \in Nodes : n # m /\ ~unread[n][m] /\ heartbeatCount[n][m] >= MaxHeartbeatMiss]_vars

\* An actor goes to members only.
ClaimsByMembers ==
    [][\A a \in Actors : placement'[a] # placement[a] /\ placement'[a].node # NoNode =>
          nodeStatus[placement'[a].node] = "Active"]_vars

\* And comes from who gave it back or was evicted: suspicion takes nothing.
TakenFromFailed ==
    [][\A a \in Actors :
          LET old == placement[a].node
              new == placement'[a].node
          IN old # NoNode /\ new # NoNode /\ new # old => nodeStatus[old] = "Failed"]_vars

\* Where no process comes back and nobody joins (the model says so), and while somebody is there to see it:
SomebodyLooks(m) == \E n \in Nodes : n # m /\ isAlive[n]
EventualFailureDetection ==
    \A m \in Nodes : ~isAlive[m] ~> nodeStatus[m] = "Failed" \/ ~SomebodyLooks(m)

\* An actor does not stay with a node that was evicted, as long as there is a member to take it.
SomebodyMayClaim == \E n \in Nodes : isAlive[n] /\ nodeStatus[n] = "Active"
OfEvicted(a) == IF placement[a].node = NoNode THEN FALSE ELSE nodeStatus[placement[a].node] = "Failed"
EventualPlacement == \A a \in Actors : OfEvicted(a) ~> ~OfEvicted(a) \/ ~SomebodyMayClaim

Stale(n, a) == cache[n][a].node # NoNode /\ cache[n][a].generation # placement[a].generation
EventualCacheInvalidation == \A n \in Nodes, a \in Actors : Stale(n, a) ~> ~Stale(n, a)

-----------------------------------------------------------------------------
\* For exploration only: a configuration sets the number and names StateConstraint. No guard reads it.
\* Never takes the place of what a model does without.

MaxGeneration == 2

Never(n) == FALSE
NeverOf(n, a) == FALSE

StateConstraint == \A a \in Actors : placement[a].generation <= MaxGeneration
=============================================================================
