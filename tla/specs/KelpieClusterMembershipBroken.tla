------------------- MODULE KelpieClusterMembershipBroken -------------------
(***************************************************************************)
(* Membership and election with one mistake at a time.                     *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieClusterMembershipBroken_X.cfg puts it there.        *)
(* Invariants and properties are those of KelpieClusterMembership,         *)
(* untouched.  Where X is one of them, X is violated and all others hold   *)
(* within the bounds of the configuration; where X names a mistake, the    *)
(* README says what it breaks.                                             *)
(***************************************************************************)
EXTENDS KelpieClusterMembership

\* For MarkNodeFailed: a state that no table of states has.
MarkNodeGone(n) ==
    /\ \E command \in commands :
          command.change = "evict" /\ command.subject = n /\ Commit(command, "Gone")
    /\ hosting' = [hosting EXCEPT ![n] = FALSE]

\* For Grantable: cluster/primary is overwritten. (Election without a quorum's consent.)
GrantToAnybody(n) == TRUE

\* For ClaimerMs: the claimer trusts its clock to run as the holder's does.
ClaimerMsWithoutMargin == TtlMs

\* For RenewSession: a session that lapsed and was renewed is still the primary's.
RenewKeepingTerm(n) ==
    /\ sessions[n].incarnation <= incarnation[n]
    /\ sessions' = [sessions EXCEPT ![n] = [incarnation |-> incarnation[n], version |-> @.version + 1]]
    /\ deadline' = [deadline EXCEPT ![n] = Reading(n) + HolderMs]
    /\ UNCHANGED <<worldVars, incarnation, primaryTerm, membershipView, observed, commands, primary, memberVars>>

\* For PrimaryStepDown: the row is freed whoever it names. (Blind step-down.)
StepDownBlindly(n) ==
    /\ primaryTerm[n] > 0
    /\ primaryTerm' = [primaryTerm EXCEPT ![n] = 0]
    /\ primary' = [primary EXCEPT !.holder = NoPrimary, !.incarnation = 0]
    /\ UNCHANGED <<worldVars, incarnation, deadline, membershipView, observed, commands, sessions, memberVars>>

\* For PrimaryStepDown: the row is deleted, and the term with it. (Term reset.)
StepDownWithTerm(n) ==
    /\ primaryTerm[n] > 0
    /\ primaryTerm' = [primaryTerm EXCEPT ![n] = 0]
    /\ primary' = IF primary = [holder |-> n, incarnation |-> incarnation[n], term |-> primaryTerm[n]]
                  THEN [holder |-> NoPrimary, incarnation |-> 0, term |-> 0] ELSE primary
    /\ UNCHANGED <<worldVars, incarnation, deadline, membershipView, observed, commands, sessions, memberVars>>

\* For ElectPrimary: the winner goes on with the term that it finds. (Lost race for a term.)
ElectWithSameTerm(n) ==
    /\ SessionLive(n)
    /\ primaryTerm[n] = 0
    /\ nodeState[n] = "Active"
    /\ Grantable(n)
    /\ LET term == IF primary.term = 0 THEN 1 ELSE primary.term
       IN /\ primary' = [holder |-> n, incarnation |-> incarnation[n], term |-> term]
          /\ primaryTerm' = [primaryTerm EXCEPT ![n] = term]
    /\ UNCHANGED <<worldVars, incarnation, deadline, membershipView, observed, commands, sessions, memberVars>>

\* For TermHolds: a command is carried out whoever is primary now. (No fencing.)
AnyTerm(command) == TRUE

\* For NumberHolds: a command is carried out from whatever view. (Stale view.)
AnyNumber(command) == TRUE

\* For Spent, with AnyNumber: what starts from an old view may still change something.
NeverSpent(command) == FALSE

\* For Commit: the members change and the number does not.
CommitKeepingNumber(command, state) ==
    /\ TermHolds(command)
    /\ NumberHolds(command)
    /\ SubjectHolds(command)
    /\ view' = [number |-> command.number, members |-> command.members, term |-> command.term]
    /\ nodeState' = [nodeState EXCEPT ![command.subject] = state]
    /\ commands' = commands \ {command}
    /\ UNCHANGED <<worldVars, memoryVars, sessions, primary>>

\* For AdmitNode: first the row; the view would come in a transaction of its own.
AdmitRowOnly(n) ==
    /\ \E command \in commands :
          /\ command.change = "admit" /\ command.subject = n
          /\ TermHolds(command) /\ NumberHolds(command) /\ SubjectHolds(command)
          /\ nodeState' = [nodeState EXCEPT ![n] = "Admitted"]
          /\ commands' = commands \ {command}
    /\ UNCHANGED <<worldVars, memoryVars, sessions, primary, view, hosting>>

\* For SubjectHolds: a node leaves although it was not drained.
SubjectNamed(command) ==
    CASE command.change = "admit"  -> nodeState[command.subject] = "Joining"
      [] command.change = "remove" -> nodeState[command.subject] = "Leaving"
      [] command.change = "evict"  -> command.version = sessions[command.subject].version

\* For ClaimActors: the claim does not read the member row.
ClaimWithoutRow(n) ==
    /\ SessionLive(n)
    /\ ~hosting[n]
    /\ hosting' = [hosting EXCEPT ![n] = TRUE]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, view, nodeState>>

\* For MayEvict: to be suspected is enough. (Heartbeats as authority.)
Suspected(n, m) == observed[n][m].version > 0

\* For NodeJoinComplete: active as soon as the row says so.
ActiveAtOnce(n) ==
    /\ nodeState[n] = "Admitted"
    /\ nodeState' = [nodeState EXCEPT ![n] = "Active"]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, view, hosting>>

\* For Bootstrap: a node that knows nobody founds a cluster. ("I see nobody.")
BootstrapWhenAlone(n) ==
    /\ membershipView[n].number = 0
    /\ view' = [number |-> 1, members |-> {n}, term |-> primary.term]
    /\ nodeState' = [nodeState EXCEPT ![n] = "Admitted"]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, hosting>>
=============================================================================
