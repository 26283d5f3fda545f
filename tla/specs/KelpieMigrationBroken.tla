----------------------- MODULE KelpieMigrationBroken -----------------------
(***************************************************************************)
(* Migration with one mistake at a time.                                   *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieMigrationBroken_X.cfg puts it there.  Invariants    *)
(* and properties are those of KelpieMigration, untouched.  Where X is one *)
(* of them, X is violated and all others hold within the bounds of the     *)
(* configuration; where X names a mistake, the README says what it breaks. *)
(***************************************************************************)
EXTENDS KelpieMigration

\* For CloseSuperseded: a phase that no table of phases has.
CloseAsSuperseded(a, term) ==
    /\ term = primaryTerm
    /\ IsOpen(a)
    /\ Superseded(a)
    /\ journal' = [journal EXCEPT ![a].phase = "Superseded", ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, leases, actor_state, primaryTerm>>

\* For MoveOwnership: the lease moves without waiting for the source. (No deactivation.)
MoveWithoutStop(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].phase = "Preparing"
    /\ ~Superseded(a)
    /\ leases' = [leases EXCEPT ![a] =
          [holder |-> journal[a].target, incarnation |-> journal[a].incarnation, token |-> @.token + 1]]
    /\ journal' = [journal EXCEPT ![a].phase = "Completing", ![a].token = @ + 1, ![a].term = term,
                                  ![a].version = actor_state[a].version]
    /\ UNCHANGED <<incarnation, actor_activation, actor_state, primaryTerm>>

\* For DeactivateSource: the state was read when the migration began. (Snapshot before the stop.)
DeactivateAfterSnapshot(n, a, id) ==
    /\ id = journal[a].id
    /\ journal[a].phase = "Preparing"
    /\ ~Superseded(a)
    /\ Holds(n, a)
    /\ actor_activation' = [actor_activation EXCEPT ![n][a] = Inactive]
    /\ journal' = [journal EXCEPT ![a].phase = "Transferring", ![a].version = 0]
    /\ UNCHANGED <<incarnation, leases, actor_state, primaryTerm>>

\* For DeactivateSource: whatever migration the message is about. (No migration id.)
DeactivateOnAnyMessage(n, a, id) ==
    /\ actor_activation[n][a].active
    /\ actor_activation' = [actor_activation EXCEPT ![n][a] = Inactive]
    /\ UNCHANGED <<incarnation, leases, actor_state, journal, primaryTerm>>

\* For ActivateTarget: the message is believed, and the store not asked. (Late completion.)
ActivateOnAnyMessage(n, a, id) ==
    /\ journal[a].target = n
    /\ ~actor_activation[n][a].active
    /\ actor_activation' = [actor_activation EXCEPT ![n][a] =
          [active |-> TRUE, token |-> leases[a].token, version |-> actor_state[a].version]]
    /\ UNCHANGED <<incarnation, leases, actor_state, journal, primaryTerm>>

\* For InMove: the lease alone decides who may activate, also while its holder has stopped.
NeverInMove(a) == FALSE

\* For WriteState: no comparison with the lease. (No fencing.)
WriteUnfenced(n, a) ==
    /\ actor_activation[n][a].active
    /\ actor_state' = [actor_state EXCEPT ![a] =
          [version |-> actor_activation[n][a].version + 1, token |-> actor_activation[n][a].token]]
    /\ actor_activation' = [actor_activation EXCEPT ![n][a].version = @ + 1]
    /\ UNCHANGED <<incarnation, leases, journal, primaryTerm>>

\* For MoveOwnership: the target goes on under the source's token.
MoveWithToken(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].phase = "Transferring"
    /\ ~Superseded(a)
    /\ leases' = [leases EXCEPT ![a].holder = journal[a].target, ![a].incarnation = journal[a].incarnation]
    /\ journal' = [journal EXCEPT ![a].phase = "Completing", ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, actor_state, primaryTerm>>

\* For MoveOwnership: the term is not compared. (A primary of the past goes on.)
MoveUnderAnyTerm(a, term) ==
    /\ journal[a].phase = "Transferring"
    /\ ~Superseded(a)
    /\ leases' = [leases EXCEPT ![a] =
          [holder |-> journal[a].target, incarnation |-> journal[a].incarnation, token |-> @.token + 1]]
    /\ journal' = [journal EXCEPT ![a].phase = "Completing", ![a].token = @ + 1, ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, actor_state, primaryTerm>>

\* For AbortMigration: also after the move; the journal is closed and the lease stays.
AbortAfterMove(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].phase = "Completing"
    /\ ~Superseded(a)
    /\ journal' = [journal EXCEPT ![a].phase = "Failed", ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, leases, actor_state, primaryTerm>>

\* For AbandonSource: a source that does not answer is taken for dead.
AbandonSilentSource(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].phase = "Preparing"
    /\ ~Superseded(a)
    /\ journal' = [journal EXCEPT ![a].phase = "Transferring", ![a].version = actor_state[a].version, ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, leases, actor_state, primaryTerm>>

\* For CloseSuperseded: only the primary that began a migration looks after it. (Progress in the coordinator's memory.)
CloseByStarter(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].term = term
    /\ IsOpen(a)
    /\ Superseded(a)
    /\ journal' = [journal EXCEPT ![a].phase = "Failed", ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, leases, actor_state, primaryTerm>>

\* For MoveOwnership: the same. The source has stopped, and nobody starts the target.
MoveByStarter(a, term) ==
    /\ term = primaryTerm
    /\ journal[a].term = term
    /\ journal[a].phase = "Transferring"
    /\ ~Superseded(a)
    /\ leases' = [leases EXCEPT ![a] =
          [holder |-> journal[a].target, incarnation |-> journal[a].incarnation, token |-> @.token + 1]]
    /\ journal' = [journal EXCEPT ![a].phase = "Completing", ![a].token = @ + 1, ![a].term = term]
    /\ UNCHANGED <<incarnation, actor_activation, actor_state, primaryTerm>>

\* For ClaimActor: the lease of a process that is no more is nobody's to take.
ClaimOnlyFree(n, a) ==
    /\ leases[a].holder = NoHolder
    /\ leases' = [leases EXCEPT ![a] = [holder |-> n, incarnation |-> incarnation[n], token |-> @.token + 1]]
    /\ UNCHANGED <<incarnation, actor_activation, actor_state, journal, primaryTerm>>
=============================================================================
