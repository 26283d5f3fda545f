--------------------- MODULE KelpieActorLifecycleBroken ---------------------
(***************************************************************************)
(* The life of an actor with one mistake at a time.                        *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieActorLifecycleBroken_X.cfg puts it there.           *)
(* Invariants and properties are those of KelpieActorLifecycle, untouched. *)
(* Where X is one of them, X is violated and all others hold within the    *)
(* bounds of the configuration; where X names a mistake, the README says   *)
(* what it breaks.                                                         *)
(***************************************************************************)
EXTENDS KelpieActorLifecycle

\* For FailActivation: a state that no table of states has.
FailToFailed(n, a) ==
    /\ State(n, a) = "Activating"
    /\ TokenHolds(n, a)
    /\ Set(n, a, [Inactive EXCEPT !.state = "Failed"])
    /\ calls' = [calls EXCEPT ![n][a] = {}]
    /\ crashes' = [crashes EXCEPT ![a] = @ + 1]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, acknowledged, incarnation, leases, actor_state>>

Invoke(n, a, id) ==
    /\ Activation(n, a).mailbox # <<>>
    /\ id = Head(Activation(n, a).mailbox)
    /\ ~Handled(n, a, id)
    /\ Set(n, a, [Activation(n, a) EXCEPT !.mailbox = Tail(@), !.running = @ \cup {id}])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* For StartInvoke: the first message is executed while the state is being loaded.
InvokeWhileActivating(n, a, id) ==
    /\ State(n, a) \in {"Activating", "Active"}
    /\ Believes(n, a)
    /\ Activation(n, a).running = {}
    /\ Invoke(n, a, id)

\* For StartInvoke: each message has a thread of its own.
InvokeConcurrently(n, a, id) ==
    /\ State(n, a) = "Active"
    /\ Believes(n, a)
    /\ Invoke(n, a, id)

\* For StartInvoke: an actor that is active here is served here. (No look at the lease.)
InvokeWhereActive(n, a, id) ==
    /\ State(n, a) = "Active"
    /\ Activation(n, a).running = {}
    /\ Invoke(n, a, id)

\* For EnqueueMessage: the comparison lets one too many in.
EnqueueOneMore(n, a, id) ==
    /\ State(n, a) \in {"Activating", "Active"}
    /\ ~draining[n]
    /\ Len(Activation(n, a).mailbox) <= MailboxSize
    /\ id \notin calls[n][a]
    /\ Set(n, a, [Activation(n, a) EXCEPT !.mailbox = Append(@, id), !.idleSince = Reading(n)])
    /\ calls' = [calls EXCEPT ![n][a] = @ \cup {id}]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, acknowledged, storeVars>>

\* For DrainMessage: the mailbox is thrown away, and its callers wait for ever.
DrainSilently(n, a) ==
    /\ State(n, a) = "Deactivating"
    /\ Activation(n, a).mailbox # <<>>
    /\ Set(n, a, [Activation(n, a) EXCEPT !.mailbox = <<>>])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* For Handled: each delivery is a message of its own.
NeverHandled(n, a, id) == FALSE

\* For SayDone: once it is executed, before the commit.
SayDoneAtOnce(n, a, id) ==
    /\ id \in calls[n][a]
    /\ State(n, a) \in {"Active", "Deactivating"}
    /\ id \in Elements(Activation(n, a).handled)
    /\ calls' = [calls EXCEPT ![n][a] = @ \ {id}]
    /\ acknowledged' = [acknowledged EXCEPT ![a] = @ \cup {id}]
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, actor_activation, storeVars>>

\* For CompleteActivation: the state could not be loaded, and the actor begins with an empty one.
ActivateEmpty(n, a) ==
    /\ State(n, a) = "Activating"
    /\ Set(n, a, [Activation(n, a) EXCEPT !.state = "Active", !.idleSince = Reading(n)])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* For CommitState: no comparison with the lease. (No fencing.)
CommitUnfenced(n, a) ==
    /\ State(n, a) \in {"Active", "Deactivating"}
    /\ Activation(n, a).committed < Len(Activation(n, a).handled)
    /\ actor_state' = [actor_state EXCEPT ![a] = [handled |-> Activation(n, a).handled, token |-> Activation(n, a).token]]
    /\ crashes' = [crashes EXCEPT ![a] = 0]
    /\ Set(n, a, [Activation(n, a) EXCEPT !.committed = Len(Activation(n, a).handled)])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, incarnation, leases>>

Forget(n, a) == nodeBeliefs' = [nodeBeliefs EXCEPT ![n].tokens[a] = IF @ = Activation(n, a).token THEN 0 ELSE @]

MayComplete(n, a) ==
    /\ State(n, a) = "Deactivating"
    /\ ~Busy(n, a)
    /\ Activation(n, a).committed = Len(Activation(n, a).handled)
    /\ calls[n][a] = {}

\* For CompleteDeactivation: the row is deleted, and its counter with it. (Token reset.)
DeleteLease(n, a) ==
    /\ MayComplete(n, a)
    /\ TokenHolds(n, a)
    /\ Set(n, a, Inactive)
    /\ leases' = [leases EXCEPT ![a] = Free(0)]
    /\ Forget(n, a)
    /\ UNCHANGED <<worldVars, draining, calls, acknowledged, incarnation, actor_state, crashes>>

\* For CompleteDeactivation: whoever has the row now. (Blind release.)
ReleaseBlindly(n, a) ==
    /\ MayComplete(n, a)
    /\ Set(n, a, Inactive)
    /\ leases' = [leases EXCEPT ![a] = Free(@.token)]
    /\ Forget(n, a)
    /\ UNCHANGED <<worldVars, draining, calls, acknowledged, incarnation, actor_state, crashes>>

\* For CompleteDeactivation: what is not committed yet is dropped, and so are its callers.
DeactivateUncommitted(n, a) ==
    /\ State(n, a) = "Deactivating"
    /\ ~Busy(n, a)
    /\ TokenHolds(n, a)
    /\ GiveUp(n, a)
    /\ leases' = [leases EXCEPT ![a] = Free(@.token)]
    /\ Forget(n, a)
    /\ UNCHANGED <<worldVars, draining, acknowledged, incarnation, actor_state, crashes>>

\* For Idle: the time since the last message, however long it takes to handle it.
IdleByTimer(n, a) == Reading(n) - Activation(n, a).idleSince >= IdleTimeoutMs

\* For StartActivation: nobody asks for quarantine.
StartInQuarantine(n, a) ==
    /\ State(n, a) = "Inactive"
    /\ nodeBeliefs[n].live
    /\ nodeBeliefs[n].tokens[a] > 0
    /\ ~draining[n]
    /\ Set(n, a, [Inactive EXCEPT !.state = "Activating", !.token = nodeBeliefs[n].tokens[a]])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

-----------------------------------------------------------------------------
\* Mistakes with consequences elsewhere.

\* For ExpireSession: silence is taken for the end. (Heartbeats decide.)
ExpireSilentSession(n) ==
    /\ n \notin expired
    /\ expired' = expired \cup {n}
    /\ UNCHANGED <<clock, nodeClocks, nodeBeliefs, draining, actor_activation, calls, acknowledged, storeVars>>

\* For ClaimActor: the activation of before goes on under the new lease.
ClaimAndGoOn(n, a) ==
    /\ nodeBeliefs[n].live
    /\ nodeBeliefs[n].tokens[a] = 0
    /\ ~draining[n]
    /\ Claimable(n, a)
    /\ leases' = [leases EXCEPT ![a] = [holder |-> n, incarnation |-> incarnation[n], token |-> @.token + 1]]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n].tokens[a] = leases[a].token + 1]
    /\ Set(n, a, IF State(n, a) = "Inactive" THEN Inactive ELSE [Activation(n, a) EXCEPT !.token = leases[a].token + 1])
    /\ UNCHANGED <<worldVars, draining, calls, acknowledged, incarnation, actor_state, crashes>>

\* For StartActivation: the state is loaded while the lease is still being asked for.
LoadBeforeLease(n, a) ==
    /\ State(n, a) = "Inactive"
    /\ ~draining[n]
    /\ ~Quarantined(a)
    /\ Set(n, a, [Inactive EXCEPT !.state = "Activating", !.handled = actor_state[a].handled,
                                  !.committed = Len(actor_state[a].handled)])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* For CompleteActivation, with LoadBeforeLease.
ActivateWhatWasLoaded(n, a) ==
    /\ State(n, a) = "Activating"
    /\ nodeBeliefs[n].live
    /\ nodeBeliefs[n].tokens[a] > 0
    /\ Set(n, a, [Activation(n, a) EXCEPT !.state = "Active", !.token = nodeBeliefs[n].tokens[a], !.idleSince = Reading(n)])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>

\* For CompleteDeactivation: the state stays in memory for the next time.
DeactivateAndCache(n, a) ==
    /\ MayComplete(n, a)
    /\ TokenHolds(n, a)
    /\ Set(n, a, [Activation(n, a) EXCEPT !.state = "Inactive"])
    /\ leases' = [leases EXCEPT ![a] = Free(@.token)]
    /\ Forget(n, a)
    /\ UNCHANGED <<worldVars, draining, calls, acknowledged, incarnation, actor_state, crashes>>

\* For StartActivation, with DeactivateAndCache: a state in memory is not loaded again.
StartFromCache(n, a) ==
    /\ State(n, a) = "Inactive"
    /\ nodeBeliefs[n].live
    /\ nodeBeliefs[n].tokens[a] > 0
    /\ ~draining[n]
    /\ ~Quarantined(a)
    /\ Set(n, a, [Activation(n, a) EXCEPT !.token = nodeBeliefs[n].tokens[a], !.idleSince = Reading(n),
                     !.state = IF Activation(n, a).token = 0 THEN "Activating" ELSE "Active"])
    /\ UNCHANGED <<worldVars, nodeBeliefs, draining, calls, acknowledged, storeVars>>
=============================================================================
