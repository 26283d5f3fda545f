---------------------------- MODULE KelpieLease ----------------------------
(***************************************************************************)
(* Who may act for an actor, without synchronised clocks.                  *)
(*                                                                         *)
(* A store with serializable transactions holds one session row per node   *)
(* and one lease row per actor.  A lease row names a session (node and     *)
(* incarnation) and a fencing token; it is untouched by renewal.  Rows     *)
(* hold no timestamps: a holder stops on its own clock, a claimer waits on *)
(* its own clock, and only a bound on clock rate is assumed.               *)
(*                                                                         *)
(* Units: `clock' is true time in milliseconds; nodes never read it.       *)
(* `nodeClocks' are in thousandths of a millisecond, so that a rate error  *)
(* given per thousand is exact; a node reads them in whole milliseconds,   *)
(* rounded down.                                                           *)
(*                                                                         *)
(* Guards read the node's own variables, a request or the store.  `clock'  *)
(* and other nodes' variables occur only in invariants and in the          *)
(* environment's actions.                                                  *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
    Nodes,           \* a node has one process at a time
    Actors,
    NoHolder,        \* the holder of a free lease
    TtlMs,           \* how long a session lives without renewal
    RhoPerThousand   \* bound on the rate error of every node's clock

ASSUME /\ NoHolder \notin Nodes
       /\ TtlMs \in Nat \ {0}
       /\ RhoPerThousand \in 0..999

VARIABLES
    clock,               \* true time, ms
    nodeClocks,          \* [Nodes -> Int], thousandths of ms
    nodeActuallyAlive,   \* [Nodes -> BOOLEAN]
    nodeBeliefs,         \* what each process holds in memory
    observed,            \* the last version of each session row that a node saw, and when
    requests,            \* transactions sent and not yet settled
    sessions,            \* store: session rows
    leases,              \* store: lease rows
    fencingTokens,       \* store: the counter of each actor, which survives release
    writes               \* store: the last accepted write of each actor

storeVars == <<sessions, leases, fencingTokens, writes>>
nodeVars  == <<nodeBeliefs, observed>>
worldVars == <<clock, nodeClocks, nodeActuallyAlive>>
vars == <<clock, nodeClocks, nodeActuallyAlive, nodeBeliefs, observed, requests,
          sessions, leases, fencingTokens, writes>>

-----------------------------------------------------------------------------
\* What a node computes from its own variables.

Reading(n) == nodeClocks[n] \div 1000

\* The holder rounds down, the claimer rounds up.
HolderMs  == (TtlMs * (1000 - RhoPerThousand)) \div 1000
ClaimerMs == (TtlMs * (1000 + RhoPerThousand) + 999) \div 1000

SessionLive(n) == nodeActuallyAlive[n] /\ Reading(n) < nodeBeliefs[n].deadline
Believes(n, a) == SessionLive(n) /\ nodeBeliefs[n].tokens[a] > 0

\* n has seen m's session row unchanged for longer than m can have believed in it.
Waited(n, m) == /\ observed[n][m].version > 0
                /\ Reading(n) - observed[n][m].at > ClaimerMs

NoTokens == [a \in Actors |-> 0]
NoBelief(i) == [incarnation |-> i, session |-> 0, deadline |-> 0, since |-> 0, tokens |-> NoTokens]
NothingObserved == [m \in Nodes |-> [version |-> 0, at |-> 0]]
Free == [holder |-> NoHolder, incarnation |-> 0, token |-> 0]

Init ==
    /\ clock = 0
    /\ nodeClocks = [n \in Nodes |-> 0]
    /\ nodeActuallyAlive = [n \in Nodes |-> TRUE]
    /\ nodeBeliefs = [n \in Nodes |-> NoBelief(1)]
    /\ observed = [n \in Nodes |-> NothingObserved]
    /\ requests = {}
    /\ sessions = [n \in Nodes |-> [incarnation |-> 0, version |-> 0]]
    /\ leases = [a \in Actors |-> Free]
    /\ fencingTokens = [a \in Actors |-> 0]
    /\ writes = [a \in Actors |-> [token |-> 0, version |-> 0]]

-----------------------------------------------------------------------------
\* Steps of a node. A request says what its transaction compares and when it was sent. It has no
\* identity beyond its fields: a node sends no two equal ones, as two writes for one actor under
\* one token within a millisecond would be.

Send(request) == requests' = requests \cup {request}
Settle(request) == requests' = requests \ {request}
Reply(request, status) == requests' = (requests \ {request}) \cup {[request EXCEPT !.status = status]}

\* Opens a session (a new incarnation) or renews it: one request either way.
RequestSession(n) ==
    /\ nodeActuallyAlive[n]
    /\ \E version \in 0..sessions[n].version :          \* the row as n last read it
          Send([kind |-> "session", status |-> "sent", node |-> n,
                incarnation |-> nodeBeliefs[n].incarnation, sentAt |-> Reading(n), version |-> version])
    /\ UNCHANGED <<worldVars, nodeVars, storeVars>>

\* n reads m's session row. The wait starts when the answer is processed.
ObserveSession(n, m) ==
    /\ nodeActuallyAlive[n]
    /\ \E version \in (observed[n][m].version + 1)..sessions[m].version :
          observed' = [observed EXCEPT ![n][m] = [version |-> version, at |-> Reading(n)]]
    /\ UNCHANGED <<worldVars, nodeBeliefs, requests, storeVars>>

\* Grants to this process of n that it has not learned.
Unlearned(n, a) ==
    {request \in requests :
        /\ request.kind = "acquire" /\ request.status = "done"
        /\ request.node = n /\ request.incarnation = nodeBeliefs[n].incarnation
        /\ request.actor = a}

\* `token' is the actor's counter as n read it; `holder' is the node whose session n has
\* waited for, NoHolder when it relies on no wait (free, superseded, or its own).
\* Asking again voids the replies to earlier requests: n no longer waits for them, and the new
\* grant replaces what they granted. Learned later, such a reply would make n believe in a
\* token that it had meanwhile released.
RequestLease(n, a) ==
    /\ SessionLive(n)
    /\ nodeBeliefs[n].tokens[a] = 0
    /\ \E token \in 0..fencingTokens[a], holder \in {NoHolder} \cup (Nodes \ {n}) :
          /\ holder # NoHolder => Waited(n, holder)
          /\ requests' = (requests \ Unlearned(n, a)) \cup
                {[kind |-> "acquire", status |-> "sent", node |-> n,
                  incarnation |-> nodeBeliefs[n].incarnation, sentAt |-> Reading(n),
                  actor |-> a, token |-> token, holder |-> holder,
                  version |-> IF holder = NoHolder THEN 0 ELSE observed[n][holder].version]}
    /\ UNCHANGED <<worldVars, nodeVars, storeVars>>

\* The belief ends before the request leaves.
RequestRelease(n, a) ==
    /\ Believes(n, a)
    /\ Send([kind |-> "release", status |-> "sent", node |-> n,
             incarnation |-> nodeBeliefs[n].incarnation, sentAt |-> Reading(n),
             actor |-> a, token |-> nodeBeliefs[n].tokens[a]])
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n].tokens[a] = 0]
    /\ UNCHANGED <<worldVars, observed, storeVars>>

\* Serving an invocation: only under a live belief.
RequestWrite(n, a) ==
    /\ Believes(n, a)
    /\ Send([kind |-> "write", status |-> "sent", node |-> n,
             incarnation |-> nodeBeliefs[n].incarnation, sentAt |-> Reading(n),
             actor |-> a, token |-> nodeBeliefs[n].tokens[a]])
    /\ UNCHANGED <<worldVars, nodeVars, storeVars>>

\* The deadline counts from the send, never from the reply. A session that lapsed in
\* between has lost its leases: others may have taken them.
LearnSession(n) ==
    /\ nodeActuallyAlive[n]
    /\ \E request \in requests :
          /\ request.kind = "session" /\ request.status = "done"
          /\ request.node = n /\ request.incarnation = nodeBeliefs[n].incarnation
          /\ LET lapsed == ~SessionLive(n)
                 deadline == request.sentAt + HolderMs
             IN nodeBeliefs' = [nodeBeliefs EXCEPT
                    ![n].session = IF request.version + 1 > @ THEN request.version + 1 ELSE @,
                    ![n].deadline = IF deadline > @ THEN deadline ELSE @,
                    ![n].since = IF lapsed THEN Reading(n) ELSE @,
                    ![n].tokens = IF lapsed THEN NoTokens ELSE @]
          /\ Settle(request)
    /\ UNCHANGED <<worldVars, observed, storeVars>>

\* A grant counts only if the session has lived on since it was asked for.
LearnLease(n, a) ==
    /\ SessionLive(n)
    /\ \E request \in requests :
          /\ request.kind = "acquire" /\ request.status = "done"
          /\ request.node = n /\ request.incarnation = nodeBeliefs[n].incarnation
          /\ request.actor = a
          /\ request.sentAt >= nodeBeliefs[n].since
          /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n].tokens[a] = request.token + 1]
          /\ Settle(request)
    /\ UNCHANGED <<worldVars, observed, storeVars>>

\* A refused write tells the node that it was superseded.
LearnFenced(n, a) ==
    /\ nodeActuallyAlive[n]
    /\ \E request \in requests :
          /\ request.kind = "write" /\ request.status = "refused"
          /\ request.node = n /\ request.incarnation = nodeBeliefs[n].incarnation
          /\ request.actor = a
          /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n].tokens[a] = IF @ = request.token THEN 0 ELSE @]
          /\ Settle(request)
    /\ UNCHANGED <<worldVars, observed, storeVars>>

-----------------------------------------------------------------------------
\* Steps of the store: one transaction each, at its commit.

Pending(request, kind, n) == request.kind = kind /\ request.status = "sent" /\ request.node = n

OpenSession(n) ==
    /\ \E request \in requests :
          /\ Pending(request, "session", n)
          /\ request.version = sessions[n].version
          /\ request.incarnation > sessions[n].incarnation
          /\ sessions' = [sessions EXCEPT ![n] = [incarnation |-> request.incarnation, version |-> request.version + 1]]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, leases, fencingTokens, writes>>

\* Renews all leases of n in one step; lease rows are untouched.
RenewSession(n) ==
    /\ \E request \in requests :
          /\ Pending(request, "session", n)
          /\ request.version = sessions[n].version
          /\ request.incarnation = sessions[n].incarnation
          /\ sessions' = [sessions EXCEPT ![n].version = request.version + 1]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, leases, fencingTokens, writes>>

\* A claim is judged by the reason it gives: the session it has waited for stands still since the
\* claimer observed it; or, without a wait, the row is free, its own, or of a process since replaced.
Superseded(lease) == sessions[lease.holder].incarnation > lease.incarnation

Grantable(request, a) ==
    IF request.holder # NoHolder
    THEN /\ request.version = sessions[request.holder].version
         /\ leases[a].holder \in {NoHolder, request.holder}
    ELSE IF leases[a].holder = NoHolder
         THEN TRUE
         ELSE leases[a].holder = request.node \/ Superseded(leases[a])

AcquireLease(n, a) ==
    /\ \E request \in requests :
          /\ Pending(request, "acquire", n)
          /\ request.actor = a
          /\ request.incarnation = sessions[n].incarnation
          /\ request.token = fencingTokens[a]
          /\ Grantable(request, a)
          /\ leases' = [leases EXCEPT ![a] = [holder |-> n, incarnation |-> request.incarnation, token |-> request.token + 1]]
          /\ fencingTokens' = [fencingTokens EXCEPT ![a] = @ + 1]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, sessions, writes>>

\* The counter stays: the next holder's token is larger.
ReleaseLease(n, a) ==
    /\ \E request \in requests :
          /\ Pending(request, "release", n)
          /\ request.actor = a
          /\ leases[a] = [holder |-> n, incarnation |-> request.incarnation, token |-> request.token]
          /\ leases' = [leases EXCEPT ![a] = Free]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, sessions, fencingTokens, writes>>

CommitWrite(n, a, token) ==
    /\ \E request \in requests :
          /\ Pending(request, "write", n)
          /\ request.actor = a
          /\ request.token = token
          /\ token = fencingTokens[a]
          /\ leases[a].holder = n
          /\ writes' = [writes EXCEPT ![a] = [token |-> token, version |-> @.version + 1]]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, sessions, leases, fencingTokens>>

\* A transaction whose comparison fails changes nothing.
RefuseRequest(n) ==
    /\ \E request \in requests :
          /\ request.status = "sent" /\ request.node = n
          /\ CASE request.kind = "session" -> ~ (/\ request.version = sessions[n].version
                                                 /\ request.incarnation >= sessions[n].incarnation)
               [] request.kind = "acquire" -> ~ (/\ request.incarnation = sessions[n].incarnation
                                                 /\ request.token = fencingTokens[request.actor]
                                                 /\ Grantable(request, request.actor))
               [] request.kind = "release" -> leases[request.actor] # [holder |-> n, incarnation |-> request.incarnation, token |-> request.token]
               [] request.kind = "write"   -> ~ (/\ leases[request.actor].holder = n
                                                 /\ request.token = fencingTokens[request.actor])
          /\ Reply(request, "refused")
    /\ UNCHANGED <<worldVars, nodeVars, storeVars>>

-----------------------------------------------------------------------------
\* Steps of the environment.

\* A request or its reply is lost, or the process it was meant for no longer wants it.
DropMessage(n) ==
    /\ \E request \in requests : request.node = n /\ Settle(request)
    /\ UNCHANGED <<worldVars, nodeVars, storeVars>>

Times == Nat
\* How far a clock may go in d ms of true time, in thousandths of a ms.
Advances(d) == (d * (1000 - RhoPerThousand))..(d * (1000 + RhoPerThousand))
\* In place of Advances, a configuration for clocks outside the envelope: stopped, jumping, but
\* never going back.
AnyAdvances(d) == Nat
ClockReadings(d) == Int

AdvanceClock(t) ==
    /\ t > clock
    /\ clock' = t
    /\ nodeClocks' \in {f \in [Nodes -> ClockReadings(t - clock)] :
                           \A n \in Nodes : f[n] - nodeClocks[n] \in Advances(t - clock)}
    /\ UNCHANGED <<nodeActuallyAlive, nodeVars, requests, storeVars>>

\* A process dies and forgets everything; what it sent may still land.
NodeCrash(n) ==
    /\ nodeActuallyAlive[n]
    /\ nodeActuallyAlive' = [nodeActuallyAlive EXCEPT ![n] = FALSE]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n] = NoBelief(@.incarnation)]
    /\ observed' = [observed EXCEPT ![n] = NothingObserved]
    /\ UNCHANGED <<clock, nodeClocks, requests, storeVars>>

NodeRestart(n) ==
    /\ ~nodeActuallyAlive[n]
    /\ nodeActuallyAlive' = [nodeActuallyAlive EXCEPT ![n] = TRUE]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n] = NoBelief(@.incarnation + 1)]
    /\ UNCHANGED <<clock, nodeClocks, observed, requests, storeVars>>

Next ==
    \/ \E t \in Times : AdvanceClock(t)
    \/ \E n \in Nodes :
          \/ RequestSession(n) \/ LearnSession(n)
          \/ OpenSession(n) \/ RenewSession(n)
          \/ RefuseRequest(n) \/ DropMessage(n)
          \/ NodeCrash(n) \/ NodeRestart(n)
          \/ \E m \in Nodes \ {n} : ObserveSession(n, m)
          \/ \E a \in Actors :
                \/ RequestLease(n, a) \/ RequestRelease(n, a) \/ RequestWrite(n, a)
                \/ LearnLease(n, a) \/ LearnFenced(n, a)
                \/ AcquireLease(n, a) \/ ReleaseLease(n, a)
                \/ \E token \in 1..fencingTokens[a] : CommitWrite(n, a, token)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
\* What must hold in every state. All nodes are judged at one instant of true time.

Status == {"sent", "done", "refused"}
Request ==
    [kind : {"session"}, status : Status, node : Nodes, incarnation : Nat, sentAt : Nat, version : Nat]
    \cup
    [kind : {"acquire"}, status : Status, node : Nodes, incarnation : Nat, sentAt : Nat,
     actor : Actors, token : Nat, holder : Nodes \cup {NoHolder}, version : Nat]
    \cup
    [kind : {"release", "write"}, status : Status, node : Nodes, incarnation : Nat, sentAt : Nat,
     actor : Actors, token : Nat]

TypeOK ==
    /\ clock \in Nat
    /\ nodeClocks \in [Nodes -> Nat]
    /\ nodeActuallyAlive \in [Nodes -> BOOLEAN]
    /\ nodeBeliefs \in [Nodes -> [incarnation : Nat, session : Nat, deadline : Nat, since : Nat, tokens : [Actors -> Nat]]]
    /\ observed \in [Nodes -> [Nodes -> [version : Nat, at : Nat]]]
    /\ requests \subseteq Request
    /\ sessions \in [Nodes -> [incarnation : Nat, version : Nat]]
    /\ leases \in [Actors -> [holder : Nodes \cup {NoHolder}, incarnation : Nat, token : Nat]]
    /\ fencingTokens \in [Actors -> Nat]
    /\ writes \in [Actors -> [token : Nat, version : Nat]]

\* At most one node believes that it may act for an actor.
LeaseUniqueness ==
    \A a \in Actors : \A n, m \in Nodes : Believes(n, a) /\ Believes(m, a) => n = m

\* A belief is what the row says, until the row is taken with a larger token. Whether that may
\* happen while the belief lives is judged by LeaseUniqueness.
BeliefConsistency ==
    \A n \in Nodes, a \in Actors : Believes(n, a) =>
        IF leases[a].holder = n
        THEN /\ leases[a].incarnation = nodeBeliefs[n].incarnation
             /\ leases[a].token = nodeBeliefs[n].tokens[a]
        ELSE nodeBeliefs[n].tokens[a] < fencingTokens[a]

\* Who believes in a session has a row that it opened itself.
SessionOwnership ==
    \A n \in Nodes : SessionLive(n) =>
        /\ sessions[n].incarnation = nodeBeliefs[n].incarnation
        /\ sessions[n].version >= nodeBeliefs[n].session

\* The wait is long enough: who may claim m's leases does so after m stopped believing, however
\* the two clocks ran.
WaitOutlivesBelief ==
    \A n, m \in Nodes :
        /\ n # m
        /\ nodeActuallyAlive[n]
        /\ Waited(n, m)
        /\ observed[n][m].version = sessions[m].version
        => ~SessionLive(m)

\* A row in force carries the newest token, so comparing with either is the same.
RowTokenIsCounter ==
    \A a \in Actors :
        IF leases[a].holder = NoHolder THEN leases[a] = Free ELSE leases[a].token = fencingTokens[a]

\* The assumption about the world: no clock has left the cone around true time.
ClockRateBound ==
    \A n \in Nodes :
        /\ nodeClocks[n] >= clock * (1000 - RhoPerThousand)
        /\ nodeClocks[n] <= clock * (1000 + RhoPerThousand)

\* What must hold in every step.

\* An accepted write carries the largest token ever issued, and the row in force names it.
FencedWrites ==
    [][\A a \in Actors : writes'[a] # writes[a] =>
           /\ writes'[a].token = fencingTokens[a]
           /\ writes'[a].token = leases[a].token]_vars

\* Accepted writes never go back to an older token, and none is lost.
WritesNondecreasing ==
    [][\A a \in Actors : writes'[a] # writes[a] =>
           /\ writes'[a].token >= writes[a].token
           /\ writes'[a].version = writes[a].version + 1]_vars

\* Tokens never decrease, and every grant draws a new one.
FencingTokenMonotonic ==
    [][\A a \in Actors :
           /\ fencingTokens'[a] >= fencingTokens[a]
           /\ leases'[a] # leases[a] /\ leases'[a].holder # NoHolder
              => fencingTokens'[a] > fencingTokens[a]]_vars

\* A version names one state of a session row for ever: observers wait for it to stand still.
SessionVersionMonotonic ==
    [][\A n \in Nodes : sessions'[n] # sessions[n] =>
           /\ sessions'[n].version > sessions[n].version
           /\ sessions'[n].incarnation >= sessions[n].incarnation]_vars

-----------------------------------------------------------------------------
\* For exploration only: a configuration puts ModelTimes for Times and ModelClockReadings for
\* ClockReadings, sets the numbers, and names StateConstraint. No guard reads any of this.

ModelTimes == {3}
ModelRates == {1000 - RhoPerThousand, 1000 + RhoPerThousand}
ModelClockReadings(d) == {nodeClocks[n] + d * rate : n \in Nodes, rate \in ModelRates}

MaxRequests == 2         \* in flight, of all nodes
MaxRequestsOfNode == 1
MaxDead == 1             \* nodes at a time
MaxIncarnation == 1
MaxVersion == 1          \* of a session row
MaxToken == 2
MaxWrites == 0           \* accepted, of an actor
MinSpread == 1           \* between two clocks, once time has passed

\* A request that cannot change anything any more, and that nobody can learn from.
Spent(request) ==
    LET sent == request.status = "sent"
        void == \/ request.status = "refused"
                \/ request.status = "done" /\ request.incarnation # nodeBeliefs[request.node].incarnation
    IN CASE request.kind = "session" -> void \/ (sent /\ request.version # sessions[request.node].version)
         [] request.kind = "acquire" -> void \/ (sent /\ request.token # fencingTokens[request.actor])
         [] request.kind = "release" -> request.status = "refused"
         [] request.kind = "write"   -> FALSE

StateConstraint ==
    /\ Cardinality(requests) <= MaxRequests
    /\ \A n \in Nodes : Cardinality({request \in requests : request.node = n}) <= MaxRequestsOfNode
    /\ \A request \in requests : ~Spent(request)
    /\ Cardinality({n \in Nodes : ~nodeActuallyAlive[n]}) <= MaxDead
    /\ \A n \in Nodes : nodeBeliefs[n].incarnation <= MaxIncarnation /\ sessions[n].version <= MaxVersion
    /\ \A a \in Actors : fencingTokens[a] <= MaxToken /\ writes[a].version <= MaxWrites
    /\ clock > 0 => \E n, m \in Nodes : nodeClocks[n] - nodeClocks[m] >= MinSpread
=============================================================================
