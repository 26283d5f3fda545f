-------------------------- MODULE KelpieMigration --------------------------
(***************************************************************************)
(* Moving an actor from the node that has its lease to another one.        *)
(*                                                                         *)
(* One journal row per actor says how far its migration is.  The source    *)
(* stops and names the last committed version of the state before the      *)
(* lease moves; between the two the actor is active nowhere.  The row is   *)
(* advanced by transactions that compare its id and phase, the primary's   *)
(* term and the lease's token, so that whoever is primary resumes it and   *)
(* nobody's memory is needed.                                              *)
(*                                                                         *)
(* There is no variable for messages: one that was ever sent may arrive at *)
(* any time and any number of times, so what it carries, a term or a       *)
(* migration's id, ranges over all that can have been sent.  A process     *)
(* that dies is followed by one that opens the session as a new            *)
(* incarnation; KelpieLease says what a claim has to wait for otherwise.   *)
(* Guards read the node's own variables, what the message carries, or the  *)
(* store.                                                                  *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
    Nodes,
    Actors,
    NoHolder

ASSUME NoHolder \notin Nodes

VARIABLES
    incarnation,       \* store: of the session of each node
    actor_activation,  \* memory: [active, token, version] of each node and actor
    leases,            \* store: [holder, incarnation, token]; the token survives its holders
    actor_state,       \* store: the state's version, and the token that it was written under
    journal,           \* store: the migration of each actor
    primaryTerm        \* store: the term of cluster/primary

vars == <<incarnation, actor_activation, leases, actor_state, journal, primaryTerm>>

-----------------------------------------------------------------------------
Inactive == [active |-> FALSE, token |-> 0, version |-> 0]

Init ==
    /\ incarnation = [n \in Nodes |-> 1]
    /\ actor_activation = [n \in Nodes |-> [a \in Actors |-> Inactive]]
    /\ leases = [a \in Actors |-> [holder |-> NoHolder, incarnation |-> 0, token |-> 0]]
    /\ actor_state = [a \in Actors |-> [version |-> 0, token |-> 0]]
    /\ journal = [a \in Actors |-> [id |-> 0, phase |-> "Idle", source |-> NoHolder, target |-> NoHolder,
                                    incarnation |-> 0, token |-> 0, version |-> 0, term |-> 0]]
    /\ primaryTerm = 1

\* The lease names a process that is no more.
Orphaned(a) ==
    IF leases[a].holder = NoHolder THEN TRUE ELSE leases[a].incarnation # incarnation[leases[a].holder]

Holds(n, a) == leases[a].holder = n /\ leases[a].incarnation = incarnation[n]

\* Another session took the lease since the journal was last written.
Superseded(a) == journal[a].token # leases[a].token

\* Between the stop of the source and the start of the target.
InMove(a) == journal[a].phase \in {"Transferring", "Completing"} /\ ~Superseded(a)

IsOpen(a) == journal[a].phase \in {"Preparing", "Transferring", "Completing"}

-----------------------------------------------------------------------------
\* Nodes, with and without a migration.

ClaimActor(n, a) ==
    /\ Orphaned(a)
    /\ leases' = [leases EXCEPT ![a] = [holder |-> n, incarnation |-> incarnation[n], token |-> @.token + 1]]
    /\ UNCHANGED <<incarnation, actor_activation, actor_state, journal, primaryTerm>>

ActivateActor(n, a) ==
    /\ Holds(n, a)
    /\ ~actor_activation[n][a].active
    /\ ~InMove(a)
    /\ actor_activation' = [actor_activation EXCEPT ![n][a] =
          [active |-> TRUE, token |-> leases[a].token, version |-> actor_state[a].version]]
    /\ UNCHANGED <<incarnation, leases, actor_state, journal, primaryTerm>>

TokenHolds(n, a) == leases[a].holder = n /\ leases[a].token = actor_activation[n][a].token

WriteState(n, a) ==
    /\ actor_activation[n][a].active
    /\ TokenHolds(n, a)
    /\ actor_state' = [actor_state EXCEPT ![a] =
          [version |-> actor_activation[n][a].version + 1, token |-> actor_activation[n][a].token]]
    /\ actor_activation' = [actor_activation EXCEPT ![n][a].version = @ + 1]
    /\ UNCHANGED <<incarnation, leases, journal, primaryTerm>>

\* A refused commit ends the activation; nothing is saved.
LearnFenced(n, a) ==
    /\ actor_activation[n][a].active
    /\ ~TokenHolds(n, a)
    /\ actor_activation' = [actor_activation EXCEPT ![n][a] = Inactive]
    /\ UNCHANGED <<incarnation, leases, actor_state, journal, primaryTerm>>

-----------------------------------------------------------------------------
\* The primary. `term' is what its transaction carries.

StartMigration(a, target, term) ==
    /\ term = primaryTerm
    /\ ~IsOpen(a)
    /\ ~Orphaned(a)
    /\ target # leases[a].holder
    /\ journal' = [journal EXCEPT ![a] =
          [id |-> @.id + 1, phase |-> "Preparing", source |-> leases[a].holder, target |-> target,
           incarnation |-> incarnation[target], token |-> leases[a].token, version |-> 0, term |-> term]]
    /\ UNCHANGED <<incarnation, actor_activation, leases, actor_state, primaryTerm>>

\* The source's process is no more; what it committed is all there is.
AbandonSource(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].phase = "Preparing"
    /\ ~Superseded(a)
    /\ Orphaned(a)
    /\ journal' = [journal EXCEPT ![a].phase = "Transferring", ![a].version = actor_state[a].version, ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, leases, actor_state, primaryTerm>>

\* The lease moves with a new token. From here on the migration only goes forward.
MoveOwnership(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].phase = "Transferring"
    /\ ~Superseded(a)
    /\ leases' = [leases EXCEPT ![a] =
          [holder |-> journal[a].target, incarnation |-> journal[a].incarnation, token |-> @.token + 1]]
    /\ journal' = [journal EXCEPT ![a].phase = "Completing", ![a].token = @ + 1, ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, actor_state, primaryTerm>>

\* Before the move: the source goes on, under a new token.
AbortMigration(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].phase \in {"Preparing", "Transferring"}
    /\ ~Superseded(a)
    /\ leases' = [leases EXCEPT ![a].token = @ + 1]
    /\ journal' = [journal EXCEPT ![a].phase = "Failed", ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, actor_state, primaryTerm>>

CloseSuperseded(a, term) ==
    /\ term = primaryTerm
    /\ IsOpen(a)
    /\ Superseded(a)
    /\ journal' = [journal EXCEPT ![a].phase = "Failed", ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, leases, actor_state, primaryTerm>>

-----------------------------------------------------------------------------
\* Source and target. `id' is what the primary's message carries.

\* Stops, and names the version that it committed last: one step, under the token.
DeactivateSource(n, a, id) ==
    /\ id = journal[a].id
    /\ journal[a].phase = "Preparing"
    /\ ~Superseded(a)
    /\ Holds(n, a)
    /\ actor_activation' = [actor_activation EXCEPT ![n][a] = Inactive]
    /\ journal' = [journal EXCEPT ![a].phase = "Transferring", ![a].version = actor_state[a].version]
    /\ UNCHANGED <<incarnation, leases, actor_state, primaryTerm>>

\* Loads the version that the journal names.
ActivateTarget(n, a, id) ==
    /\ id = journal[a].id
    /\ journal[a].phase = "Completing"
    /\ ~Superseded(a)
    /\ Holds(n, a)
    /\ actor_activation' = [actor_activation EXCEPT ![n][a] =
          [active |-> TRUE, token |-> leases[a].token, version |-> journal[a].version]]
    /\ journal' = [journal EXCEPT ![a].phase = "Completed"]
    /\ UNCHANGED <<incarnation, leases, actor_state, primaryTerm>>

-----------------------------------------------------------------------------
\* The environment.

\* Another node acquires cluster/primary. What the one before has sent may still arrive.
ElectPrimary ==
    /\ primaryTerm' = primaryTerm + 1
    /\ UNCHANGED <<incarnation, actor_activation, leases, actor_state, journal>>

\* In any phase.
NodeRestart(n) ==
    /\ incarnation' = [incarnation EXCEPT ![n] = @ + 1]
    /\ actor_activation' = [actor_activation EXCEPT ![n] = [a \in Actors |-> Inactive]]
    /\ UNCHANGED <<leases, actor_state, journal, primaryTerm>>

Next ==
    \/ ElectPrimary
    \/ \E n \in Nodes : NodeRestart(n)
    \/ \E a \in Actors :
          \/ \E n \in Nodes :
                \/ ClaimActor(n, a) \/ ActivateActor(n, a) \/ WriteState(n, a) \/ LearnFenced(n, a)
                \/ \E id \in 1..journal[a].id : DeactivateSource(n, a, id) \/ ActivateTarget(n, a, id)
          \/ \E term \in 1..primaryTerm :
                \/ \E target \in Nodes : StartMigration(a, target, term)
                \/ AbandonSource(a, term) \/ MoveOwnership(a, term)
                \/ AbortMigration(a, term) \/ CloseSuperseded(a, term)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
\* What must hold in every state.

Phases == {"Idle", "Preparing", "Transferring", "Completing", "Completed", "Failed"}
Holders == Nodes \cup {NoHolder}

TypeOK ==
    /\ incarnation \in [Nodes -> Nat]
    /\ actor_activation \in [Nodes -> [Actors -> [active : BOOLEAN, token : Nat, version : Nat]]]
    /\ leases \in [Actors -> [holder : Holders, incarnation : Nat, token : Nat]]
    /\ actor_state \in [Actors -> [version : Nat, token : Nat]]
    /\ journal \in [Actors -> [id : Nat, phase : Phases, source : Holders, target : Holders, incarnation : Nat,
                               token : Nat, version : Nat, term : Nat]]
    /\ primaryTerm \in Nat

SingleActivationDuringMigration ==
    \A a \in Actors : \A n, m \in Nodes : actor_activation[n][a].active /\ actor_activation[m][a].active => n = m

\* Who may write works from the last committed version: nothing that was committed is lost.
MigrationAtomicity ==
    \A a \in Actors, n \in Nodes :
        actor_activation[n][a].active /\ TokenHolds(n, a) => actor_activation[n][a].version = actor_state[a].version

\* Once the source has stopped, the actor is active nowhere until the lease has moved.
InactiveDuringTransfer ==
    \A a \in Actors, n \in Nodes : journal[a].phase = "Transferring" /\ ~Superseded(a) => ~actor_activation[n][a].active

\* What must hold in every step.

\* A write is accepted under the newest token only. With MigrationAtomicity it follows the one before.
FencedWrites ==
    [][\A a \in Actors : actor_state'[a] # actor_state[a] => actor_state'[a].token = leases[a].token]_vars

\* Every change of ownership draws a larger token.
FencingTokenMonotonic ==
    [][\A a \in Actors : leases'[a] # leases[a] => leases'[a].token > leases[a].token]_vars

\* What a primary of the past still tries changes nothing.
CommandFencing ==
    [][\A a \in Actors :
           /\ journal'[a].phase # journal[a].phase
           /\ journal'[a].phase \in {"Preparing", "Completing", "Failed"}
           => journal'[a].term = primaryTerm]_vars

\* After the move a migration fails only because somebody else took the lease.
MigrationRollback ==
    [][\A a \in Actors : journal[a].phase = "Completing" /\ journal'[a].phase = "Failed" => Superseded(a)]_vars

\* Nobody who may write is stopped by a message of a migration that is over.
LateMessagesRefused ==
    [][\A a \in Actors, n \in Nodes :
           /\ actor_activation[n][a].active /\ TokenHolds(n, a)
           /\ ~actor_activation'[n][a].active
           => incarnation'[n] # incarnation[n] \/ journal[a].phase = "Preparing"]_vars

-----------------------------------------------------------------------------
\* What happens in the end, when whoever is primary resumes what a row says, nodes do what a row asks of them, and somebody
\* claims what is orphaned. Nothing is promised of processes and primaries: each may be followed by another at any time.

Fairness ==
    \A a \in Actors :
        /\ WF_vars(\E n \in Nodes : ClaimActor(n, a))
        /\ \A n \in Nodes : /\ WF_vars(ActivateActor(n, a))
                            /\ WF_vars(DeactivateSource(n, a, journal[a].id))
                            /\ WF_vars(ActivateTarget(n, a, journal[a].id))
        /\ WF_vars(AbandonSource(a, primaryTerm))
        /\ WF_vars(MoveOwnership(a, primaryTerm))
        /\ WF_vars(CloseSuperseded(a, primaryTerm))

FairSpec == Spec /\ Fairness

\* No migration stays open.
MigrationEnds == \A a \in Actors : IsOpen(a) ~> ~IsOpen(a)

\* An actor is active again and again, wherever it is.
ActiveAgain == \A a \in Actors : []<>(\E n \in Nodes : actor_activation[n][a].active)

-----------------------------------------------------------------------------
\* For exploration only: a configuration sets the numbers and names StateConstraint. No guard
\* reads any of this.

MaxIncarnation == 2
MaxRestarts == 1         \* of all nodes together
MaxToken == 4
MaxVersion == 2
MaxMigrations == 2       \* of an actor
MaxTerm == 2

StateConstraint ==
    /\ \A n \in Nodes : incarnation[n] <= MaxIncarnation
    /\ Cardinality({n \in Nodes : incarnation[n] > 1}) <= MaxRestarts
    /\ primaryTerm <= MaxTerm
    /\ \A a \in Actors : /\ leases[a].token <= MaxToken
                         /\ actor_state[a].version <= MaxVersion
                         /\ journal[a].id <= MaxMigrations
=============================================================================
