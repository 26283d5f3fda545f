----------------------- MODULE KelpieSingleActivation -----------------------
(***************************************************************************)
(* At most one activation of an actor can commit.                          *)
(*                                                                         *)
(* A node claims an actor by a transaction that compares all the rows that *)
(* it has read: the actor's lease, its own member row, its count of actors *)
(* and, when somebody has the actor, that node's session.  It then loads   *)
(* the state and is active under the token of the claim.  A commit         *)
(* compares that token and nothing else, so that an activation that was    *)
(* superseded is fenced whatever it believes.                              *)
(*                                                                         *)
(* A transaction takes effect when it takes effect, perhaps after its      *)
(* sender gave up or died.  An outcome that is not known is settled by     *)
(* reading the row, or by a transaction that changes what the unknown one  *)
(* compares: until then the actor serves nothing.                          *)
(*                                                                         *)
(* There is no time.  How long a claimer waits for a session to stand      *)
(* still is the matter of KelpieLease; here it may be too short, and what  *)
(* is promised holds without it.  Guards read the node's own variables, a  *)
(* request or the store.                                                   *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
    Nodes,
    Actors,
    NoHolder,
    Capacity         \* how many actors a node may have

ASSUME /\ NoHolder \notin Nodes
       /\ Capacity \in Nat

VARIABLES
    incarnation,        \* memory: of the process that each node runs
    node_state,         \* memory: how far each node is with each actor
    node_read_version,  \* memory: the version of its member row that a claim began with
    actor_activation,   \* memory: the token that was read or granted, and the state's version
    unsettled,          \* memory: an earlier transaction may still take effect
    requests,           \* transactions sent and not yet answered
    sessions,           \* store: [incarnation, version] of each node
    members,            \* store: [state, version] of each node
    capacity,           \* store: how many actors each node has, and the row's version
    leases,             \* store: [holder, incarnation, token]; the token is the row's version
    actor_state         \* store: the state's version, and who wrote it under which token

memoryVars == <<incarnation, node_state, node_read_version, actor_activation, unsettled>>
storeVars == <<sessions, members, capacity, leases, actor_state>>
vars == <<incarnation, node_state, node_read_version, actor_activation, unsettled, requests,
          sessions, members, capacity, leases, actor_state>>

-----------------------------------------------------------------------------
NoActivation == [token |-> 0, version |-> 0]

Init ==
    /\ incarnation = [n \in Nodes |-> 1]
    /\ node_state = [n \in Nodes |-> [a \in Actors |-> "Idle"]]
    /\ node_read_version = [n \in Nodes |-> [a \in Actors |-> 0]]
    /\ actor_activation = [n \in Nodes |-> [a \in Actors |-> NoActivation]]
    /\ unsettled = [n \in Nodes |-> [a \in Actors |-> FALSE]]
    /\ requests = {}
    /\ sessions = [n \in Nodes |-> [incarnation |-> 1, version |-> 1]]
    /\ members = [n \in Nodes |-> [state |-> "Active", version |-> 1]]
    /\ capacity = [n \in Nodes |-> [used |-> 0, version |-> 1]]
    /\ leases = [a \in Actors |-> [holder |-> NoHolder, incarnation |-> 0, token |-> 0]]
    /\ actor_state = [a \in Actors |-> [version |-> 0, token |-> 0, node |-> NoHolder]]

\* What a transaction compares, and whether it still holds. `process' is the part of a session row
\* that renewal leaves as it is.
Compare(table, key, version) == [table |-> table, key |-> key, version |-> version]

VersionOf(c) ==
    CASE c.table = "lease"    -> leases[c.key].token
      [] c.table = "member"   -> members[c.key].version
      [] c.table = "capacity" -> capacity[c.key].version
      [] c.table = "session"  -> sessions[c.key].version
      [] c.table = "process"  -> sessions[c.key].incarnation

ComparisonsHold(request) == \A c \in request.compares : VersionOf(c) = c.version

\* The lease names the present process of n, as that process reads it.
IsMine(n, a) == leases[a].holder = n /\ leases[a].incarnation = incarnation[n]

\* The lease names a process that has been replaced.
Orphaned(a) == leases[a].incarnation # sessions[leases[a].holder].incarnation

-----------------------------------------------------------------------------
\* Steps of a node. Two requests with equal fields are one.

Set(n, a, state) == node_state' = [node_state EXCEPT ![n][a] = state]
Hold(n, a, token, version) ==
    actor_activation' = [actor_activation EXCEPT ![n][a] = [token |-> token, version |-> version]]
Settle(n, a) == unsettled' = [unsettled EXCEPT ![n][a] = FALSE]

Request(kind, n, a, compares) ==
    [kind |-> kind, status |-> "sent", node |-> n, incarnation |-> incarnation[n], actor |-> a,
     token |-> actor_activation[n][a].token, version |-> actor_activation[n][a].version, compares |-> compares]

\* For the first time, or because an answer does not come: then what was asked may still take effect.
StartClaim(n, a) ==
    /\ node_state[n][a] \in {"Idle", "Committing", "Writing", "Releasing"}
    /\ sessions[n].incarnation = incarnation[n]
    /\ members[n].state = "Active"
    /\ node_read_version' = [node_read_version EXCEPT ![n][a] = members[n].version]
    /\ Set(n, a, "Reading")
    /\ unsettled' = [unsettled EXCEPT ![n][a] = @ \/ node_state[n][a] # "Idle"]
    /\ UNCHANGED <<incarnation, actor_activation, requests, storeVars>>

\* The rows that a claim depends on. Whoever has the actor and was not replaced has to stand still.
ClaimCompares(n, a) ==
    {Compare("lease", a, leases[a].token), Compare("process", n, incarnation[n]),
     Compare("member", n, node_read_version[n][a]), Compare("capacity", n, capacity[n].version)}
    \cup
    IF leases[a].holder \in {NoHolder, n} THEN {}
    ELSE {Compare("capacity", leases[a].holder, capacity[leases[a].holder].version)} \cup
         IF Orphaned(a) THEN {} ELSE {Compare("session", leases[a].holder, sessions[leases[a].holder].version)}

HasRoom(n, a) == leases[a].holder = n \/ capacity[n].used < Capacity

ReadFDB(n, a) ==
    /\ node_state[n][a] = "Reading"
    /\ HasRoom(n, a)
    /\ Set(n, a, "Committing")
    /\ Hold(n, a, leases[a].token, 0)
    /\ requests' = requests \cup
          {[Request("claim", n, a, ClaimCompares(n, a)) EXCEPT !.token = leases[a].token, !.version = 0]}
    /\ UNCHANGED <<incarnation, node_read_version, unsettled, storeVars>>

AbandonClaim(n, a) ==
    /\ node_state[n][a] = "Reading"
    /\ Set(n, a, IF unsettled[n][a] THEN "Committing" ELSE "Idle")
    /\ UNCHANGED <<incarnation, node_read_version, actor_activation, unsettled, requests, storeVars>>

\* An answer to this process that it still waits for.
Answers(request, kind, n, a) ==
    /\ request.kind = kind /\ request.status # "sent"
    /\ request.node = n /\ request.incarnation = incarnation[n] /\ request.actor = a
    /\ request.token = actor_activation[n][a].token

\* Granted: everything that was unknown compares a token of before. Refused: this one never takes
\* effect, which says nothing about an earlier one.
LearnClaim(n, a) ==
    /\ node_state[n][a] = "Committing"
    /\ \E request \in requests :
          /\ Answers(request, "claim", n, a)
          /\ requests' = requests \ {request}
          /\ IF request.status = "done"
             THEN Set(n, a, "Holding") /\ Hold(n, a, request.token + 1, 0) /\ Settle(n, a)
             ELSE /\ Set(n, a, IF unsettled[n][a] THEN "Committing" ELSE "Idle")
                  /\ UNCHANGED <<actor_activation, unsettled>>
    /\ UNCHANGED <<incarnation, node_read_version, storeVars>>

\* No answer came, and the row is read. It has moved on, so that nothing of what was asked can
\* take effect any more; it says whether something has.
SettleByRow(n, a) ==
    /\ node_state[n][a] \in {"Committing", "Writing", "Releasing"}
    /\ leases[a].token > actor_activation[n][a].token
    /\ IF IsMine(n, a)
       THEN Set(n, a, "Holding") /\ Hold(n, a, leases[a].token, 0)
       ELSE Set(n, a, "Idle") /\ Hold(n, a, 0, 0)
    /\ Settle(n, a)
    /\ UNCHANGED <<incarnation, node_read_version, requests, storeVars>>

\* The state is loaded after the claim took effect: nobody else can commit any more.
ActivateActor(n, a) ==
    /\ node_state[n][a] = "Holding"
    /\ Set(n, a, "Active")
    /\ Hold(n, a, actor_activation[n][a].token, actor_state[a].version)
    /\ UNCHANGED <<incarnation, node_read_version, unsettled, requests, storeVars>>

\* One invocation: nothing else is served until its commit is answered.
RequestWrite(n, a) ==
    /\ node_state[n][a] = "Active"
    /\ Set(n, a, "Writing")
    /\ requests' = requests \cup
          {Request("write", n, a, {Compare("lease", a, actor_activation[n][a].token)})}
    /\ UNCHANGED <<incarnation, node_read_version, actor_activation, unsettled, storeVars>>

\* A refused commit ends the activation; nothing is saved.
LearnWrite(n, a) ==
    /\ node_state[n][a] = "Writing"
    /\ \E request \in requests :
          /\ Answers(request, "write", n, a)
          /\ requests' = requests \ {request}
          /\ IF request.status = "done"
             THEN Set(n, a, "Active") /\ Hold(n, a, request.token, request.version + 1)
             ELSE Set(n, a, "Idle") /\ Hold(n, a, 0, 0)
    /\ UNCHANGED <<incarnation, node_read_version, unsettled, storeVars>>

\* No answer came, and the state's row is read: it names this write.
SettleWrite(n, a) ==
    /\ node_state[n][a] = "Writing"
    /\ actor_state[a].token = actor_activation[n][a].token
    /\ actor_state[a].version = actor_activation[n][a].version + 1
    /\ Set(n, a, "Active")
    /\ Hold(n, a, actor_activation[n][a].token, actor_state[a].version)
    /\ UNCHANGED <<incarnation, node_read_version, unsettled, requests, storeVars>>

\* The activation ends before the request leaves. Also after a commit whose outcome is unknown:
\* the release draws a token, too.
Release(n, a) ==
    /\ node_state[n][a] \in {"Holding", "Active", "Writing", "Releasing"}
    /\ Set(n, a, "Releasing")
    /\ requests' = requests \cup
          {Request("release", n, a, {Compare("lease", a, actor_activation[n][a].token),
                                     Compare("capacity", n, capacity[n].version)})}
    /\ UNCHANGED <<incarnation, node_read_version, actor_activation, unsettled, storeVars>>

\* Refused because another actor's claim changed the count, it is asked for again; because the
\* row has moved on, it is settled.
LearnRelease(n, a) ==
    /\ node_state[n][a] = "Releasing"
    /\ \E request \in requests :
          /\ Answers(request, "release", n, a)
          /\ requests' = requests \ {request}
          /\ IF request.status = "done"
             THEN Set(n, a, "Idle") /\ Hold(n, a, 0, 0)
             ELSE UNCHANGED <<node_state, actor_activation>>
    /\ UNCHANGED <<incarnation, node_read_version, unsettled, storeVars>>

-----------------------------------------------------------------------------
\* Steps of the store: one transaction each, when it takes effect.

Answer(request, status) == requests' = (requests \ {request}) \cup {[request EXCEPT !.status = status]}

Counted(counts, n, change) == [counts EXCEPT ![n] = [used |-> @.used + change, version |-> @.version + 1]]

CountMove(from, to) ==
    IF from = NoHolder THEN Counted(capacity, to, 1)
    ELSE IF from = to THEN capacity
    ELSE Counted(Counted(capacity, to, 1), from, -1)

CommitClaim(n, a) ==
    /\ \E request \in requests :
          /\ request.kind = "claim" /\ request.status = "sent" /\ request.node = n /\ request.actor = a
          /\ ComparisonsHold(request)
          /\ leases' = [leases EXCEPT ![a] =
                [holder |-> n, incarnation |-> request.incarnation, token |-> request.token + 1]]
          /\ capacity' = CountMove(leases[a].holder, n)
          /\ Answer(request, "done")
    /\ UNCHANGED <<memoryVars, sessions, members, actor_state>>

CommitWrite(n, a) ==
    /\ \E request \in requests :
          /\ request.kind = "write" /\ request.status = "sent" /\ request.node = n /\ request.actor = a
          /\ ComparisonsHold(request)
          /\ actor_state' = [actor_state EXCEPT ![a] =
                [version |-> request.version + 1, token |-> request.token, node |-> n]]
          /\ Answer(request, "done")
    /\ UNCHANGED <<memoryVars, sessions, members, capacity, leases>>

CommitRelease(n, a) ==
    /\ \E request \in requests :
          /\ request.kind = "release" /\ request.status = "sent" /\ request.node = n /\ request.actor = a
          /\ ComparisonsHold(request)
          /\ leases' = [leases EXCEPT ![a] = [holder |-> NoHolder, incarnation |-> 0, token |-> request.token + 1]]
          /\ capacity' = Counted(capacity, n, -1)
          /\ Answer(request, "done")
    /\ UNCHANGED <<memoryVars, sessions, members, actor_state>>

\* A transaction whose comparison fails changes nothing.
RefuseRequest(request) ==
    /\ request \in requests
    /\ request.status = "sent"
    /\ ~ComparisonsHold(request)
    /\ Answer(request, "refused")
    /\ UNCHANGED <<memoryVars, storeVars>>

-----------------------------------------------------------------------------
\* The environment.

\* A request or its answer is lost, or nobody wants it any more.
DropMessage(request) ==
    /\ request \in requests
    /\ requests' = requests \ {request}
    /\ UNCHANGED <<memoryVars, storeVars>>

OpenSession(n) ==
    /\ incarnation[n] > sessions[n].incarnation
    /\ sessions' = [sessions EXCEPT ![n] = [incarnation |-> incarnation[n], version |-> @.version + 1]]
    /\ UNCHANGED <<memoryVars, requests, members, capacity, leases, actor_state>>

RenewSession(n) ==
    /\ incarnation[n] = sessions[n].incarnation
    /\ sessions' = [sessions EXCEPT ![n].version = @ + 1]
    /\ UNCHANGED <<memoryVars, requests, members, capacity, leases, actor_state>>

ChangeMember(n, from, to) ==
    /\ members[n].state \in from
    /\ members' = [members EXCEPT ![n] = [state |-> to, version |-> @.version + 1]]
    /\ UNCHANGED <<memoryVars, requests, sessions, capacity, leases, actor_state>>

\* KelpieClusterMembership has the commands behind these.
NodeLeave(n) == ChangeMember(n, {"Active"}, "Leaving")
MarkNodeFailed(n) == ChangeMember(n, {"Active", "Leaving"}, "Failed")
NodeJoinComplete(n) == ChangeMember(n, {"Failed"}, "Active")

\* A process dies and the next one knows nothing; what was sent may still take effect.
NodeRestart(n) ==
    /\ incarnation' = [incarnation EXCEPT ![n] = @ + 1]
    /\ node_state' = [node_state EXCEPT ![n] = [a \in Actors |-> "Idle"]]
    /\ node_read_version' = [node_read_version EXCEPT ![n] = [a \in Actors |-> 0]]
    /\ actor_activation' = [actor_activation EXCEPT ![n] = [a \in Actors |-> NoActivation]]
    /\ unsettled' = [unsettled EXCEPT ![n] = [a \in Actors |-> FALSE]]
    /\ UNCHANGED <<requests, storeVars>>

Next ==
    \/ \E request \in requests : RefuseRequest(request) \/ DropMessage(request)
    \/ \E n \in Nodes :
          \/ OpenSession(n) \/ RenewSession(n) \/ NodeRestart(n)
          \/ NodeLeave(n) \/ MarkNodeFailed(n) \/ NodeJoinComplete(n)
          \/ \E a \in Actors :
                \/ StartClaim(n, a) \/ ReadFDB(n, a) \/ AbandonClaim(n, a)
                \/ LearnClaim(n, a) \/ SettleByRow(n, a) \/ ActivateActor(n, a)
                \/ RequestWrite(n, a) \/ LearnWrite(n, a) \/ SettleWrite(n, a)
                \/ Release(n, a) \/ LearnRelease(n, a)
                \/ CommitClaim(n, a) \/ CommitWrite(n, a) \/ CommitRelease(n, a)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
\* What must hold in every state.

Holders == Nodes \cup {NoHolder}

TypeOK ==
    /\ incarnation \in [Nodes -> Nat]
    /\ node_state \in [Nodes -> [Actors ->
          {"Idle", "Reading", "Committing", "Holding", "Active", "Writing", "Releasing"}]]
    /\ node_read_version \in [Nodes -> [Actors -> Nat]]
    /\ actor_activation \in [Nodes -> [Actors -> [token : Nat, version : Nat]]]
    /\ unsettled \in [Nodes -> [Actors -> BOOLEAN]]
    /\ requests \subseteq
          [kind : {"claim", "write", "release"}, status : {"sent", "done", "refused"}, node : Nodes,
           incarnation : Nat, actor : Actors, token : Nat, version : Nat,
           compares : SUBSET [table : {"lease", "member", "capacity", "session", "process"},
                              key : Nodes \cup Actors, version : Nat]]
    /\ sessions \in [Nodes -> [incarnation : Nat, version : Nat]]
    /\ members \in [Nodes -> [state : {"Active", "Leaving", "Failed"}, version : Nat]]
    /\ capacity \in [Nodes -> [used : Nat, version : Nat]]
    /\ leases \in [Actors -> [holder : Holders, incarnation : Nat, token : Nat]]
    /\ actor_state \in [Actors -> [version : Nat, token : Nat, node : Holders]]

\* An activation whose commit the store would take.
CanCommit(n, a) ==
    /\ node_state[n][a] \in {"Active", "Writing"}
    /\ actor_activation[n][a].token = leases[a].token

SingleActivation ==
    \A a \in Actors : \A n, m \in Nodes : CanCommit(n, a) /\ CanCommit(m, a) => n = m

\* Who can commit does so under a row in force; a row that names a node names its present process.
\* That it names no other node is for SingleActivation and FencedWrites.
ConsistentHolder ==
    \A a \in Actors, n \in Nodes : CanCommit(n, a) =>
        /\ leases[a].holder # NoHolder
        /\ leases[a].holder = n => leases[a].incarnation = incarnation[n]

\* Who serves and can commit works from the last committed state, and nothing can change it behind
\* its back.
ActivationIsCurrent ==
    \A a \in Actors, n \in Nodes :
        node_state[n][a] = "Active" /\ CanCommit(n, a) => actor_activation[n][a].version = actor_state[a].version

Hosted(n) == Cardinality({a \in Actors : leases[a].holder = n})

CapacityRespected ==
    \A n \in Nodes : Hosted(n) <= Capacity

\* The count says what the leases say.
CapacityIsCount ==
    \A n \in Nodes : capacity[n].used = Hosted(n)

\* No process has a lease and thinks that it has nothing to do with the actor.
NoForgottenLease ==
    \A a \in Actors, n \in Nodes : IsMine(n, a) => node_state[n][a] # "Idle"

\* What must hold in every step.

\* A write is accepted from the holder of the row only, under its newest token.
FencedWrites ==
    [][\A a \in Actors : actor_state'[a] # actor_state[a] =>
           actor_state'[a].token = leases[a].token /\ actor_state'[a].node = leases[a].holder]_vars

\* Each accepted write follows the one before.
WritesFollow ==
    [][\A a \in Actors : actor_state'[a] # actor_state[a] => actor_state'[a].version = actor_state[a].version + 1]_vars

\* Tokens never decrease, and every grant draws a new one.
FencingTokenMonotonic ==
    [][\A a \in Actors :
           /\ leases'[a].token >= leases[a].token
           /\ leases'[a] # leases[a] /\ leases'[a].holder # NoHolder => leases'[a].token > leases[a].token]_vars

Granted(a, n) == leases'[a] # leases[a] /\ leases'[a].holder = n

\* Nobody gets an actor who is not an active member at that moment.
ClaimsByMembers ==
    [][\A a \in Actors, n \in Nodes : Granted(a, n) => members[n].state = "Active"]_vars

\* A lease is granted to a process that has the node's session, not to one that was replaced.
ClaimsBySession ==
    [][\A a \in Actors, n \in Nodes : Granted(a, n) => leases'[a].incarnation = sessions[n].incarnation]_vars

\* A session that was renewed since the claimer read it keeps its leases.
RenewedKeepLease ==
    [][\A a \in Actors, n \in Nodes :
           Granted(a, n) /\ leases[a].holder \notin {n, NoHolder} =>
               \/ Orphaned(a)
               \/ \E request \in requests :
                     /\ request.kind = "claim" /\ request.status = "sent" /\ request.node = n /\ request.actor = a
                     /\ Compare("session", leases[a].holder, sessions[leases[a].holder].version) \in request.compares]_vars

-----------------------------------------------------------------------------
\* For exploration only: a configuration sets the numbers and names StateConstraint. No guard
\* reads any of this.

MaxRequests == 2
MaxRequestsOfNode == 2
MaxWrites == 1           \* on their way
MaxReleases == 1         \* on their way
MaxIncarnation == 2
MaxRestarts == 1         \* of all nodes together, and so the next two
MaxRenewals == 1
MaxMemberChanges == 1
MaxChanges == 3          \* of these three together
MaxToken == 2
MaxActiveToken == 2      \* of an activation
MaxVersion == 1
MaxCountVersion == 5     \* of the row that counts a node's actors

RECURSIVE Sum(_, _)
Sum(f, over) == IF over = {} THEN 0 ELSE LET one == CHOOSE x \in over : TRUE IN f[one] + Sum(f, over \ {one})

\* A transaction, or an answer, that can change nothing any more.
Spent(request) ==
    \/ request.status = "sent" /\ ~ComparisonsHold(request) /\ request.incarnation # incarnation[request.node]
    \/ request.status # "sent" /\ ~Answers(request, request.kind, request.node, request.actor)

StateConstraint ==
    /\ Cardinality(requests) <= MaxRequests
    /\ \A n \in Nodes : Cardinality({request \in requests : request.node = n}) <= MaxRequestsOfNode
    /\ Cardinality({request \in requests : request.kind = "write"}) <= MaxWrites
    /\ Cardinality({request \in requests : request.kind = "release"}) <= MaxReleases
    /\ \A request \in requests : ~Spent(request)
    /\ \A n \in Nodes : incarnation[n] <= MaxIncarnation /\ capacity[n].version <= MaxCountVersion
    /\ LET restarts == Sum([n \in Nodes |-> incarnation[n] - 1], Nodes)
           renewals == Sum([n \in Nodes |-> sessions[n].version - sessions[n].incarnation], Nodes)
           changes  == Sum([n \in Nodes |-> members[n].version - 1], Nodes)
       IN /\ restarts <= MaxRestarts /\ renewals <= MaxRenewals /\ changes <= MaxMemberChanges
          /\ restarts + renewals + changes <= MaxChanges
    /\ \A a \in Actors : leases[a].token <= MaxToken /\ actor_state[a].version <= MaxVersion
    /\ \A n \in Nodes, a \in Actors :
          node_state[n][a] \in {"Active", "Writing"} => actor_activation[n][a].token <= MaxActiveToken
=============================================================================
