------------------- MODULE KelpieSingleActivationBroken -------------------
(***************************************************************************)
(* Activation with one mistake at a time.                                  *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieSingleActivationBroken_X.cfg puts it there.         *)
(* Invariants and properties are those of KelpieSingleActivation,          *)
(* untouched.  Where X is one of them, X is violated and all others hold   *)
(* within the bounds of the configuration; where X names a mistake, the    *)
(* README says what it breaks.                                             *)
(***************************************************************************)
EXTENDS KelpieSingleActivation

\* For LearnWrite: a refused commit leads to a state of its own.
LearnWriteAsFenced(n, a) ==
    /\ node_state[n][a] = "Writing"
    /\ \E request \in requests :
          /\ Answers(request, "write", n, a)
          /\ requests' = requests \ {request}
          /\ IF request.status = "done"
             THEN Set(n, a, "Active") /\ Hold(n, a, request.token, request.version + 1)
             ELSE Set(n, a, "Fenced") /\ Hold(n, a, 0, 0)
    /\ UNCHANGED <<incarnation, node_read_version, unsettled, storeVars>>

\* For SettleByRow: a claim that is not answered is taken for granted. (Unknown taken for ok.)
SettleAsGranted(n, a) ==
    /\ node_state[n][a] = "Committing"
    /\ Set(n, a, "Holding") /\ Hold(n, a, actor_activation[n][a].token + 1, 0) /\ Settle(n, a)
    /\ UNCHANGED <<incarnation, node_read_version, requests, storeVars>>

\* For SettleByRow: a claim that is not answered is taken for refused. (Unknown taken for failed.)
SettleAsRefused(n, a) ==
    /\ node_state[n][a] = "Committing"
    /\ Set(n, a, "Idle") /\ Hold(n, a, 0, 0) /\ Settle(n, a)
    /\ UNCHANGED <<incarnation, node_read_version, requests, storeVars>>

\* For AbandonClaim: a row that names the node will do, whichever process it was granted to.
ResumeLease(n, a) ==
    /\ node_state[n][a] = "Reading"
    /\ leases[a].holder = n
    /\ Set(n, a, "Holding") /\ Hold(n, a, leases[a].token, 0) /\ Settle(n, a)
    /\ UNCHANGED <<incarnation, node_read_version, requests, storeVars>>

\* For SettleWrite: the actor goes on although its last commit is not answered.
GoOnUnsettled(n, a) ==
    /\ node_state[n][a] = "Writing"
    /\ Set(n, a, "Active")
    /\ UNCHANGED <<incarnation, node_read_version, actor_activation, unsettled, requests, storeVars>>

\* For ActivateActor: a state that could not be loaded is taken for a new one.
ActivateWithDefault(n, a) ==
    /\ node_state[n][a] = "Holding"
    /\ Set(n, a, "Active")
    /\ Hold(n, a, actor_activation[n][a].token, 0)
    /\ UNCHANGED <<incarnation, node_read_version, unsettled, requests, storeVars>>

\* For RequestWrite: versions are counted by each activation from the start.
RequestWriteFromZero(n, a) ==
    /\ node_state[n][a] = "Active"
    /\ Set(n, a, "Writing")
    /\ requests' = requests \cup
          {[Request("write", n, a, {Compare("lease", a, actor_activation[n][a].token)}) EXCEPT !.version = 0]}
    /\ UNCHANGED <<incarnation, node_read_version, actor_activation, unsettled, storeVars>>

\* For ComparisonsHold: what was read of one table is not compared.
HoldWithout(request, table) == \A c \in request.compares : c.table # table => VersionOf(c) = c.version
WithoutLease(request)    == HoldWithout(request, "lease")
WithoutMember(request)   == HoldWithout(request, "member")
WithoutCapacity(request) == HoldWithout(request, "capacity")
WithoutSession(request)  == HoldWithout(request, "session")
WithoutProcess(request)  == HoldWithout(request, "process")

\* For CountMove: who takes an actor over counts it and leaves the other node's count alone.
CountOwn(from, to) == IF from = to THEN capacity ELSE Counted(capacity, to, 1)

\* For CommitWrite: no comparison at all. (No fencing.)
CommitUnfenced(n, a) ==
    /\ \E request \in requests :
          /\ request.kind = "write" /\ request.status = "sent" /\ request.node = n /\ request.actor = a
          /\ actor_state' = [actor_state EXCEPT ![a] =
                [version |-> request.version + 1, token |-> request.token, node |-> n]]
          /\ Answer(request, "done")
    /\ UNCHANGED <<memoryVars, sessions, members, capacity, leases>>

\* For CommitWrite: that the row names the node is enough. (Owner compared, not the token.)
CommitByHolder(n, a) ==
    /\ leases[a].holder = n
    /\ \E request \in requests :
          /\ request.kind = "write" /\ request.status = "sent" /\ request.node = n /\ request.actor = a
          /\ actor_state' = [actor_state EXCEPT ![a] =
                [version |-> request.version + 1, token |-> request.token, node |-> n]]
          /\ Answer(request, "done")
    /\ UNCHANGED <<memoryVars, sessions, members, capacity, leases>>

\* For CommitRelease: a row that names the node is deleted, and its version with it. (Token reset.)
CommitReleaseOfRow(n, a) ==
    /\ leases[a].holder = n
    /\ \E request \in requests :
          /\ request.kind = "release" /\ request.status = "sent" /\ request.node = n /\ request.actor = a
          /\ ComparisonsHold(request)
          /\ leases' = [leases EXCEPT ![a] = [holder |-> NoHolder, incarnation |-> 0, token |-> 0]]
          /\ capacity' = Counted(capacity, n, -1)
          /\ Answer(request, "done")
    /\ UNCHANGED <<memoryVars, sessions, members, actor_state>>
=============================================================================
