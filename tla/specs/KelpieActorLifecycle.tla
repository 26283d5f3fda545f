------------------------ MODULE KelpieActorLifecycle ------------------------
(***************************************************************************)
(* One actor from its first message to its deactivation, and again.        *)
(*                                                                         *)
(* A node that has the actor's lease loads the state, handles one message  *)
(* of the mailbox after the other, and commits under the lease's token     *)
(* what it has handled; a commit may cover several messages.  Callers are  *)
(* answered `done' from committed state only.  An actor that nobody uses   *)
(* and the actors of a node that drains are deactivated: parked messages   *)
(* come back as retriable, the state is committed, the lease is freed.     *)
(* An actor that fails again and again is put into quarantine.             *)
(*                                                                         *)
(* There is no variable for messages: one that was ever sent may arrive at *)
(* any time, at any node, and any number of times.  Sessions are as far    *)
(* here as actors depend on them: a process's belief in its session ends   *)
(* on its own clock, and others may claim after that; KelpieLease shows    *)
(* how they wait.  Units and the reading of clocks are KelpieLease's.      *)
(* Guards read the process's memory, its clock, the message or the store.  *)
(* `calls', `acknowledged' and `expired' are the world's.                  *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Nodes,
    Actors,
    NoHolder,
    Messages,        \* requests of clients, each with an identity that its retries share
    MailboxSize,     \* messages that wait for an actor
    IdleTimeoutMs,
    CrashLimit       \* failures without a commit in between, then quarantine

ASSUME /\ NoHolder \notin Nodes
       /\ {MailboxSize, CrashLimit} \subseteq Nat \ {0}
       /\ IdleTimeoutMs \in Nat

VARIABLES
    clock,             \* true time, ms
    nodeClocks,        \* [Nodes -> Int], thousandths of ms
    expired,           \* nodes whose session row has stood still for as long as a claimer waits
    nodeBeliefs,       \* memory: whether the session lives, and the token of each actor's lease
    draining,          \* memory: the node is being emptied
    actor_activation,  \* memory: see Inactive
    calls,             \* callers that this process has accepted a message from and not answered
    acknowledged,      \* what callers were told to be done
    incarnation,       \* store: of the session of each node
    leases,            \* store: [holder, incarnation, token]; the token survives its holders
    actor_state,       \* store: the messages that the state has taken in, and the token it was written under
    crashes            \* store: failures since the last commit

worldVars == <<clock, nodeClocks, expired>>
storeVars == <<incarnation, leases, actor_state, crashes>>
vars == <<clock, nodeClocks, expired, nodeBeliefs, draining, actor_activation, calls, acknowledged,
          incarnation, leases, actor_state, crashes>>

-----------------------------------------------------------------------------
\* What a process computes from its memory, its clock and the store.

Reading(n) == nodeClocks[n] \div 1000

Elements(s) == {s[i] : i \in 1..Len(s)}

NoTokens == [a \in Actors |-> 0]
NoBelief == [live |-> TRUE, tokens |-> NoTokens]
Free(token) == [holder |-> NoHolder, incarnation |-> 0, token |-> token]

\* `handled' is the state in memory, of which the first `committed' messages are known to be in the store.
Inactive == [state |-> "Inactive", token |-> 0, handled |-> <<>>, committed |-> 0,
             mailbox |-> <<>>, running |-> {}, idleSince |-> 0]

Activation(n, a) == actor_activation[n][a]
State(n, a) == Activation(n, a).state

\* The lease is valid on the process's own clock, and the activation began under it.
Believes(n, a) ==
    /\ nodeBeliefs[n].live
    /\ nodeBeliefs[n].tokens[a] > 0
    /\ nodeBeliefs[n].tokens[a] = Activation(n, a).token

\* What each transaction about an actor compares.
TokenHolds(n, a) == leases[a].holder = n /\ leases[a].token = Activation(n, a).token

Claimable(n, a) ==
    IF leases[a].holder \in {NoHolder, n} THEN TRUE
    ELSE \/ leases[a].incarnation # incarnation[leases[a].holder]
         \/ leases[a].holder \in expired

Quarantined(a) == crashes[a] >= CrashLimit

\* The message need not be executed again.
Handled(n, a, id) == id \in Elements(Activation(n, a).handled)

Busy(n, a) == Activation(n, a).mailbox # <<>> \/ Activation(n, a).running # {}
Idle(n, a) == ~Busy(n, a) /\ Reading(n) - Activation(n, a).idleSince >= IdleTimeoutMs

Set(n, a, activation) == actor_activation' = [actor_activation EXCEPT ![n][a] = activation]

\* The activation is given up: what is not committed is dropped, and whoever waits is told to try again.
GiveUp(n, a) == Set(n, a, Inactive) /\ calls' = [calls EXCEPT ![n][a] = {}]

Init ==
    /\ clock = 0
    /\ nodeClocks = [n \in Nodes |-> 0]
    /\ expired = {}
    /\ nodeBeliefs = [n \in Nodes |-> NoBelief]
    /\ draining = [n \in Nodes |-> FALSE]
    /\ actor_activation = [n \in Nodes |-> [a \in Actors |-> Inactive]]
    /\ calls = [n \in Nodes |-> [a \in Actors |-> {}]]
    /\ acknowledged = [a \in Actors |-> {}]
    /\ incarnation = [n \in Nodes |-> 1]
    /\ leases = [a \in Actors |-> Free(0)]
    /\ actor_state = [a \in Actors |-> [handled |-> <<>>, token |-> 0]]
    /\ crashes = [a \in Actors |-> 0]

-----------------------------------------------------------------------------
\* Sessions and leases.

\* Opened again. A session that lapsed has lost its leases.
RenewSession(n) ==
    /\ ~nodeBeliefs[n].live
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n] = NoBelief]
    /\ expired' = expired \ {n}
    /\ UNCHANGED <<clock, nodeClocks, draining, actor_activation, calls, acknowledged, storeVars>>

ClaimActor(n, a) ==
    /\ nodeBeliefs[n].live
    /\ nodeBeliefs[n].tokens[a] = 0
    /\ ~draining[n]
    /\ Claimable(n, a)
    /\ leases' = [leases EXCEPT ![a] = [holder |-> n, incarnation |-> incarnation[n], token |-> @.token + 1]]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n].tokens[a] = leases[a].token + 1]
    /\ UNCHANGED <<worldVars, draining, actor_activation, calls, acknowledged, incarnation, actor_state, crashes>>

-----------------------------------------------------------------------------
\* Activation.

StartActivation(n, a) ==
    /\ State(n, a) = "Inactive"
    /\ nodeBeliefs[n].live
    /\ nodeBeliefs[n].tokens[a] > 0
    /\ ~draining[n]
    /\ ~Quarantined(a)
    /\ Set(n, a, [Inactive EXCEPT !.state = "Activating", !.token = nodeBeliefs[n].tokens[a]])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* The state is loaded, after the lease was had. Messages have been waiting.
CompleteActivation(n, a) ==
    /\ State(n, a) = "Activating"
    /\ Set(n, a, [Activation(n, a) EXCEPT !.state = "Active", !.handled = actor_state[a].handled,
                                          !.committed = Len(actor_state[a].handled), !.idleSince = Reading(n)])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* The failure is counted in the store, where the next owner sees it.
FailActivation(n, a) ==
    /\ State(n, a) = "Activating"
    /\ TokenHolds(n, a)
    /\ GiveUp(n, a)
    /\ crashes' = [crashes EXCEPT ![a] = @ + 1]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, acknowledged, incarnation, leases, actor_state>>

-----------------------------------------------------------------------------
\* Messages. One that is not accepted is answered as retriable, and nothing remembers it.

EnqueueMessage(n, a, id) ==
    /\ State(n, a) \in {"Activating", "Active"}
    /\ ~draining[n]
    /\ Len(Activation(n, a).mailbox) < MailboxSize
    /\ id \notin calls[n][a]
    /\ Set(n, a, [Activation(n, a) EXCEPT !.mailbox = Append(@, id), !.idleSince = Reading(n)])
    /\ calls' = [calls EXCEPT ![n][a] = @ \cup {id}]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, acknowledged, storeVars>>

\* Dispatch: one message at a time, and only while the lease is valid.
StartInvoke(n, a, id) ==
    /\ State(n, a) = "Active"
    /\ Believes(n, a)
    /\ Activation(n, a).running = {}
    /\ Activation(n, a).mailbox # <<>>
    /\ id = Head(Activation(n, a).mailbox)
    /\ ~Handled(n, a, id)
    /\ Set(n, a, [Activation(n, a) EXCEPT !.mailbox = Tail(@), !.running = @ \cup {id}])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* A message that was handled before is not handled again. Its caller is answered from the state.
SkipHandled(n, a, id) ==
    /\ State(n, a) = "Active"
    /\ Activation(n, a).mailbox # <<>>
    /\ id = Head(Activation(n, a).mailbox)
    /\ Handled(n, a, id)
    /\ Set(n, a, [Activation(n, a) EXCEPT !.mailbox = Tail(@)])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* In memory: nobody is told yet.
CompleteInvoke(n, a, id) ==
    /\ State(n, a) \in {"Active", "Deactivating"}
    /\ id \in Activation(n, a).running
    /\ Set(n, a, [Activation(n, a) EXCEPT !.running = @ \ {id}, !.handled = Append(@, id), !.idleSince = Reading(n)])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* The actor's code fails. What it has in memory is not trusted any more.
FailInvoke(n, a, id) ==
    /\ State(n, a) \in {"Active", "Deactivating"}
    /\ id \in Activation(n, a).running
    /\ TokenHolds(n, a)
    /\ GiveUp(n, a)
    /\ crashes' = [crashes EXCEPT ![a] = @ + 1]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, acknowledged, incarnation, leases, actor_state>>

\* One transaction for all that was handled since the last one.
CommitState(n, a) ==
    /\ State(n, a) \in {"Active", "Deactivating"}
    /\ Activation(n, a).committed < Len(Activation(n, a).handled)
    /\ TokenHolds(n, a)
    /\ actor_state' = [actor_state EXCEPT ![a] = [handled |-> Activation(n, a).handled, token |-> Activation(n, a).token]]
    /\ crashes' = [crashes EXCEPT ![a] = 0]
    /\ Set(n, a, [Activation(n, a) EXCEPT !.committed = Len(Activation(n, a).handled)])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, incarnation, leases>>

\* To the caller that waits, of this delivery or of one before.
SayDone(n, a, id) ==
    /\ id \in calls[n][a]
    /\ State(n, a) \in {"Active", "Deactivating"}
    /\ id \in Elements(SubSeq(Activation(n, a).handled, 1, Activation(n, a).committed))
    /\ calls' = [calls EXCEPT ![n][a] = @ \ {id}]
    /\ acknowledged' = [acknowledged EXCEPT ![a] = @ \cup {id}]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, actor_activation, storeVars>>

\* A refused commit or a session that lapsed ends the activation; nothing is saved.
LearnFenced(n, a) ==
    /\ State(n, a) # "Inactive"
    /\ ~TokenHolds(n, a) \/ nodeBeliefs[n].tokens[a] # Activation(n, a).token
    /\ GiveUp(n, a)
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n].tokens[a] = IF @ = Activation(n, a).token THEN 0 ELSE @]
    /\ UNCHANGED <<worldVars, draining, acknowledged, storeVars>>

-----------------------------------------------------------------------------
\* Deactivation.

\* Nothing is accepted any more.
StartDeactivation(n, a) ==
    /\ State(n, a) = "Active"
    /\ draining[n] \/ Idle(n, a)
    /\ Set(n, a, [Activation(n, a) EXCEPT !.state = "Deactivating"])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* A parked message comes back as retriable, unless it is known to be handled.
DrainMessage(n, a) ==
    /\ State(n, a) = "Deactivating"
    /\ Activation(n, a).mailbox # <<>>
    /\ LET id == Head(Activation(n, a).mailbox)
       IN /\ Set(n, a, [Activation(n, a) EXCEPT !.mailbox = Tail(@)])
          /\ calls' = [calls EXCEPT ![n][a] = IF Handled(n, a, id) \/ id \in Activation(n, a).running THEN @ ELSE @ \ {id}]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, acknowledged, storeVars>>

\* All is committed and answered. The lease is freed by a transaction that compares the token.
CompleteDeactivation(n, a) ==
    /\ State(n, a) = "Deactivating"
    /\ ~Busy(n, a)
    /\ Activation(n, a).committed = Len(Activation(n, a).handled)
    /\ calls[n][a] = {}
    /\ TokenHolds(n, a)
    /\ Set(n, a, Inactive)
    /\ leases' = [leases EXCEPT ![a] = Free(@.token)]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n].tokens[a] = IF @ = Activation(n, a).token THEN 0 ELSE @]
    /\ UNCHANGED <<worldVars, draining, calls, acknowledged, incarnation, actor_state, crashes>>

StartDrain(n) ==
    /\ ~draining[n]
    /\ draining' = [draining EXCEPT ![n] = TRUE]
    /\ UNCHANGED <<worldVars, nodeBeliefs, actor_activation, calls, acknowledged, storeVars>>

-----------------------------------------------------------------------------
\* The environment.

\* An operator lets a repaired actor go on.
ReleaseQuarantine(a) ==
    /\ Quarantined(a)
    /\ crashes' = [crashes EXCEPT ![a] = 0]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, actor_activation, calls, acknowledged, incarnation, leases, actor_state>>

\* A caller waits no longer. What it sent is still in the mailbox.
AbandonCall(n, a, id) ==
    /\ id \in calls[n][a]
    /\ calls' = [calls EXCEPT ![n][a] = @ \ {id}]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, actor_activation, acknowledged, storeVars>>

\* The deadline of n's session passes on its own clock. What n has begun goes on.
LapseSession(n) ==
    /\ nodeBeliefs[n].live
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n].live = FALSE]
    /\ UNCHANGED <<worldVars, draining, actor_activation, calls, acknowledged, storeVars>>

\* A claimer's wait for n's session ends. It is longer than n's belief: WaitOutlivesBelief of KelpieLease.
ExpireSession(n) ==
    /\ ~nodeBeliefs[n].live
    /\ n \notin expired
    /\ expired' = expired \cup {n}
    /\ UNCHANGED <<clock, nodeClocks, nodeBeliefs, draining, actor_activation, calls, acknowledged, storeVars>>

Times == Nat
\* Idle times are counted on one clock, which may run as it likes, but not back.
ClockReadings(d) == Int

AdvanceClock(t) ==
    /\ t > clock
    /\ clock' = t
    /\ nodeClocks' \in {f \in [Nodes -> ClockReadings(t - clock)] : \A n \in Nodes : f[n] >= nodeClocks[n]}
    /\ UNCHANGED <<expired, nodeBeliefs, draining, actor_activation, calls, acknowledged, storeVars>>

\* In any state. The next process opens the session as a new incarnation, and callers see that the one before is gone.
NodeRestart(n) ==
    /\ incarnation' = [incarnation EXCEPT ![n] = @ + 1]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n] = NoBelief]
    /\ draining' = [draining EXCEPT ![n] = FALSE]
    /\ actor_activation' = [actor_activation EXCEPT ![n] = [a \in Actors |-> Inactive]]
    /\ calls' = [calls EXCEPT ![n] = [a \in Actors |-> {}]]
    /\ expired' = expired \ {n}
    /\ UNCHANGED <<clock, nodeClocks, acknowledged, leases, actor_state, crashes>>

Next ==
    \/ \E t \in Times : AdvanceClock(t)
    \/ \E a \in Actors : ReleaseQuarantine(a)
    \/ \E n \in Nodes :
          \/ RenewSession(n) \/ LapseSession(n) \/ ExpireSession(n)
          \/ StartDrain(n) \/ NodeRestart(n)
          \/ \E a \in Actors :
                \/ ClaimActor(n, a)
                \/ StartActivation(n, a) \/ CompleteActivation(n, a) \/ FailActivation(n, a)
                \/ CommitState(n, a) \/ LearnFenced(n, a)
                \/ StartDeactivation(n, a) \/ DrainMessage(n, a) \/ CompleteDeactivation(n, a)
                \/ \E id \in Messages :
                      \/ EnqueueMessage(n, a, id) \/ StartInvoke(n, a, id) \/ SkipHandled(n, a, id)
                      \/ CompleteInvoke(n, a, id) \/ FailInvoke(n, a, id)
                      \/ SayDone(n, a, id) \/ AbandonCall(n, a, id)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
\* What must hold in every state.

States == {"Inactive", "Activating", "Active", "Deactivating"}
ActivationRecord ==
    [state : States, token : Nat, handled : Seq(Messages), committed : Nat, mailbox : Seq(Messages),
     running : SUBSET Messages, idleSince : Nat]

TypeOK ==
    /\ clock \in Nat
    /\ nodeClocks \in [Nodes -> Nat]
    /\ expired \subseteq Nodes
    /\ nodeBeliefs \in [Nodes -> [live : BOOLEAN, tokens : [Actors -> Nat]]]
    /\ draining \in [Nodes -> BOOLEAN]
    /\ actor_activation \in [Nodes -> [Actors -> ActivationRecord]]
    /\ calls \in [Nodes -> [Actors -> SUBSET Messages]]
    /\ acknowledged \in [Actors -> SUBSET Messages]
    /\ incarnation \in [Nodes -> Nat]
    /\ leases \in [Actors -> [holder : Nodes \cup {NoHolder}, incarnation : Nat, token : Nat]]
    /\ actor_state \in [Actors -> [handled : Seq(Messages), token : Nat]]
    /\ crashes \in [Actors -> Nat]

\* No invocation before the activation is complete, and none is left behind by its end.
LifecycleOrdering ==
    \A n \in Nodes, a \in Actors : Activation(n, a).running # {} => State(n, a) \in {"Active", "Deactivating"}

SingleInvocation ==
    \A n \in Nodes, a \in Actors : Cardinality(Activation(n, a).running) <= 1

MailboxBounded ==
    \A n \in Nodes, a \in Actors : Len(Activation(n, a).mailbox) <= MailboxSize

\* Whoever waits has a message that is parked, in execution, or taken in: nobody is forgotten.
AcceptedIsKept ==
    \A n \in Nodes, a \in Actors :
        calls[n][a] \subseteq Elements(Activation(n, a).mailbox) \cup Activation(n, a).running \cup Elements(Activation(n, a).handled)

\* However often a message is sent, delivered and executed, the state takes it in once.
AtMostOnceEffect ==
    \A a \in Actors : \A i, j \in 1..Len(actor_state[a].handled) : actor_state[a].handled[i] = actor_state[a].handled[j] => i = j

\* What must hold in every step.

\* Nobody is told of anything that a crash could still take back.
AcknowledgedIsCommitted ==
    [][\A a \in Actors : acknowledged'[a] \ acknowledged[a] \subseteq Elements(actor_state[a].handled)]_vars

\* A commit adds to what was committed. With AcknowledgedIsCommitted, nothing acknowledged is ever lost.
Durability ==
    [][\A a \in Actors :
           /\ Len(actor_state'[a].handled) >= Len(actor_state[a].handled)
           /\ SubSeq(actor_state'[a].handled, 1, Len(actor_state[a].handled)) = actor_state[a].handled]_vars

\* An invocation begins only where the lease is, whatever the clocks of the others say.
DispatchUnderLease ==
    [][\A n \in Nodes, a \in Actors : actor_activation'[n][a].running \ Activation(n, a).running # {} => TokenHolds(n, a)]_vars

\* A commit is accepted under the newest token only.
FencedWrites ==
    [][\A a \in Actors : actor_state'[a] # actor_state[a] => actor_state'[a].token = leases[a].token]_vars

\* Tokens survive the lease, and every claim draws a larger one.
FencingTokenMonotonic ==
    [][\A a \in Actors : leases'[a] # leases[a] =>
           leases'[a].token >= leases[a].token + (IF leases'[a].holder = NoHolder THEN 0 ELSE 1)]_vars

\* A deactivation that is completed, and not cut off by a crash or a successor, leaves its state in the store.
GracefulDeactivation ==
    [][\A n \in Nodes, a \in Actors :
           State(n, a) = "Deactivating" /\ leases[a].holder = n /\ leases'[a].holder = NoHolder
           => Elements(Activation(n, a).handled) \subseteq Elements(actor_state'[a].handled)]_vars

\* An actor is idle only if nobody needs it, and for as long as it was agreed.
IdleTimeoutRespected ==
    [][\A n \in Nodes, a \in Actors :
           State(n, a) = "Active" /\ actor_activation'[n][a].state = "Deactivating" /\ ~draining[n]
           => calls[n][a] \subseteq Elements(Activation(n, a).handled) /\ Activation(n, a).running = {}
              /\ Reading(n) - Activation(n, a).idleSince >= IdleTimeoutMs]_vars

\* No invocation of an actor in quarantine.
QuarantineRespected ==
    [][\A n \in Nodes, a \in Actors : actor_activation'[n][a].running \ Activation(n, a).running # {} => ~Quarantined(a)]_vars

-----------------------------------------------------------------------------
\* For exploration only: a configuration puts ModelTimes for Times and ModelClockReadings for
\* ClockReadings, sets the numbers, and names StateConstraint. No guard reads any of this.

ModelTimes == {2}
ModelClockReadings(d) == {nodeClocks[n] + 1000 * d : n \in Nodes}

MaxIncarnation == 1
MaxToken == 2
MaxHandled == 2          \* in memory
MaxCrashes == 1          \* in a row
Lapsing == Nodes         \* whose sessions may lapse
Draining == Nodes        \* which may be drained
Claiming == Nodes        \* which may have the actors

StateConstraint ==
    /\ \A n \in Nodes :
          /\ incarnation[n] <= MaxIncarnation
          /\ ~nodeBeliefs[n].live => n \in Lapsing
          /\ draining[n] => n \in Draining
    /\ \A a \in Actors :
          /\ leases[a].token <= MaxToken
          /\ leases[a].holder \in Claiming \cup {NoHolder}
          /\ crashes[a] <= MaxCrashes
          /\ \A n \in Nodes : Len(Activation(n, a).handled) <= MaxHandled
=============================================================================
