---------------------- MODULE KelpieClusterMembership ----------------------
(***************************************************************************)
(* Who belongs to the cluster, and who may change that.                    *)
(*                                                                         *)
(* The store holds a session row and a member row per node, the view       *)
(* (number and members), and the row `cluster/primary'.  Being elected is  *)
(* acquiring that row, and its fencing token is the term.  Views change    *)
(* only by commands of the primary: transactions that compare the term and *)
(* the number of the view they start from.  A command may land late, long  *)
(* after its sender ceased to be primary.  Nobody counts nodes.            *)
(*                                                                         *)
(* KelpieLease has the messages by which a session is renewed and a row    *)
(* acquired; here each of these transactions is one step.  Units and the   *)
(* reading of clocks are KelpieLease's.  Guards read the node's own        *)
(* variables, a command or the store.                                      *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
    Nodes,
    NoPrimary,       \* the holder of a free cluster/primary
    TtlMs,
    RhoPerThousand

ASSUME /\ NoPrimary \notin Nodes
       /\ TtlMs \in Nat \ {0}
       /\ RhoPerThousand \in 0..999

VARIABLES
    clock,            \* true time, ms
    nodeClocks,       \* [Nodes -> Int], thousandths of ms
    incarnation,      \* of the process that each node runs
    deadline,         \* memory: until when the process believes in its session
    primaryTerm,      \* memory: the term that it was elected for, 0 for none
    membershipView,   \* memory: the view as it last read it
    observed,         \* memory: the last session version seen of each node, and when
    commands,         \* commands of primaries on their way to the store
    sessions,         \* store: [incarnation, version] of each node
    primary,          \* store: cluster/primary; the term survives its holders
    view,             \* store: the view, and the term that made it
    nodeState,        \* store: the member row of each node
    hosting           \* store: whether a node has actors

worldVars  == <<clock, nodeClocks>>
memoryVars == <<incarnation, deadline, primaryTerm, membershipView, observed>>
memberVars == <<view, nodeState, hosting>>
vars == <<clock, nodeClocks, incarnation, deadline, primaryTerm, membershipView, observed, commands,
          sessions, primary, view, nodeState, hosting>>

-----------------------------------------------------------------------------
\* What a node computes from its own variables.

Reading(n) == nodeClocks[n] \div 1000
HolderMs  == (TtlMs * (1000 - RhoPerThousand)) \div 1000
ClaimerMs == (TtlMs * (1000 + RhoPerThousand) + 999) \div 1000

SessionLive(n) == Reading(n) < deadline[n]
BelievesPrimary(n) == SessionLive(n) /\ primaryTerm[n] > 0

Waited(n, m) == /\ observed[n][m].version > 0
                /\ Reading(n) - observed[n][m].at > ClaimerMs

\* Silence is a reason to look, and to place nothing there. It is no reason to evict.
MayEvict(n, m) == Waited(n, m)

NoView == [number |-> 0, members |-> {}]
NothingObserved == [m \in Nodes |-> [version |-> 0, at |-> 0]]

Init ==
    /\ clock = 0
    /\ nodeClocks = [n \in Nodes |-> 0]
    /\ incarnation = [n \in Nodes |-> 1]
    /\ deadline = [n \in Nodes |-> 0]
    /\ primaryTerm = [n \in Nodes |-> 0]
    /\ membershipView = [n \in Nodes |-> NoView]
    /\ observed = [n \in Nodes |-> NothingObserved]
    /\ commands = {}
    /\ sessions = [n \in Nodes |-> [incarnation |-> 0, version |-> 0]]
    /\ primary = [holder |-> NoPrimary, incarnation |-> 0, term |-> 0]
    /\ view = [number |-> 0, members |-> {}, term |-> 0]
    /\ nodeState = [n \in Nodes |-> "Left"]
    /\ hosting = [n \in Nodes |-> FALSE]

-----------------------------------------------------------------------------
\* Sessions.

\* Opened or renewed. A session that lapsed has lost the primary's lease.
RenewSession(n) ==
    /\ sessions[n].incarnation <= incarnation[n]
    /\ sessions' = [sessions EXCEPT ![n] = [incarnation |-> incarnation[n], version |-> @.version + 1]]
    /\ deadline' = [deadline EXCEPT ![n] = Reading(n) + HolderMs]
    /\ primaryTerm' = [primaryTerm EXCEPT ![n] = IF SessionLive(n) THEN @ ELSE 0]
    /\ UNCHANGED <<worldVars, incarnation, membershipView, observed, commands, primary, memberVars>>

ObserveSession(n, m) ==
    /\ sessions[m].version > observed[n][m].version
    /\ observed' = [observed EXCEPT ![n][m] = [version |-> sessions[m].version, at |-> Reading(n)]]
    /\ UNCHANGED <<worldVars, incarnation, deadline, primaryTerm, membershipView, commands, sessions, primary, memberVars>>

-----------------------------------------------------------------------------
\* The primary.

\* The row is free, or its holder's process is no more, or the holder's session stood still for
\* longer than it can have believed in it.
Grantable(n) ==
    IF primary.holder \in {NoPrimary, n} THEN TRUE
    ELSE LET m == primary.holder
         IN \/ primary.incarnation # sessions[m].incarnation
            \/ Waited(n, m) /\ observed[n][m].version = sessions[m].version

ElectPrimary(n) ==
    /\ SessionLive(n)
    /\ primaryTerm[n] = 0
    /\ nodeState[n] = "Active"
    /\ Grantable(n)
    /\ primary' = [holder |-> n, incarnation |-> incarnation[n], term |-> primary.term + 1]
    /\ primaryTerm' = [primaryTerm EXCEPT ![n] = primary.term + 1]
    /\ UNCHANGED <<worldVars, incarnation, deadline, membershipView, observed, commands, sessions, memberVars>>

\* Frees the row if it still names this process and term. The term stays.
PrimaryStepDown(n) ==
    /\ primaryTerm[n] > 0
    /\ primaryTerm' = [primaryTerm EXCEPT ![n] = 0]
    /\ primary' = IF primary = [holder |-> n, incarnation |-> incarnation[n], term |-> primaryTerm[n]]
                  THEN [primary EXCEPT !.holder = NoPrimary, !.incarnation = 0] ELSE primary
    /\ UNCHANGED <<worldVars, incarnation, deadline, membershipView, observed, commands, sessions, memberVars>>

\* A command says who, for which term and from which view. The transaction compares both.
Command(p, change, subject, version) ==
    commands' = commands \cup
        {[node |-> p, term |-> primaryTerm[p], number |-> membershipView[p].number, change |-> change,
          subject |-> subject, version |-> version,
          members |-> IF change = "admit" THEN membershipView[p].members \cup {subject}
                      ELSE membershipView[p].members \ {subject}]}

RequestAdmission(p, n) ==
    /\ BelievesPrimary(p)
    /\ nodeState[n] = "Joining"
    /\ n \notin membershipView[p].members
    /\ Command(p, "admit", n, 0)
    /\ UNCHANGED <<worldVars, memoryVars, sessions, primary, memberVars>>

RequestRemoval(p, n) ==
    /\ BelievesPrimary(p)
    /\ nodeState[n] = "Leaving"
    /\ n \in membershipView[p].members
    /\ Command(p, "remove", n, 0)
    /\ UNCHANGED <<worldVars, memoryVars, sessions, primary, memberVars>>

RequestEviction(p, n) ==
    /\ BelievesPrimary(p)
    /\ n \in membershipView[p].members
    /\ MayEvict(p, n)
    /\ Command(p, "evict", n, observed[p][n].version)
    /\ UNCHANGED <<worldVars, memoryVars, sessions, primary, memberVars>>

-----------------------------------------------------------------------------
\* The store: commands of the primary, at their commit.

TermHolds(command) == command.term = primary.term /\ command.node = primary.holder
NumberHolds(command) == command.number = view.number

\* What a command compares besides: the row of the node that it is about.
SubjectHolds(command) ==
    CASE command.change = "admit"  -> nodeState[command.subject] = "Joining"
      [] command.change = "remove" -> nodeState[command.subject] = "Leaving" /\ ~hosting[command.subject]
      [] command.change = "evict"  -> command.version = sessions[command.subject].version

Commit(command, state) ==
    /\ TermHolds(command)
    /\ NumberHolds(command)
    /\ SubjectHolds(command)
    /\ view' = [number |-> command.number + 1, members |-> command.members, term |-> command.term]
    /\ nodeState' = [nodeState EXCEPT ![command.subject] = state]
    /\ commands' = commands \ {command}
    /\ UNCHANGED <<worldVars, memoryVars, sessions, primary>>

AdmitNode(n) ==
    /\ \E command \in commands :
          command.change = "admit" /\ command.subject = n /\ Commit(command, "Admitted")
    /\ UNCHANGED hosting

NodeLeaveComplete(n) ==
    /\ \E command \in commands :
          command.change = "remove" /\ command.subject = n /\ Commit(command, "Left")
    /\ UNCHANGED hosting

\* Its actors are for others to claim.
MarkNodeFailed(n) ==
    /\ \E command \in commands :
          command.change = "evict" /\ command.subject = n /\ Commit(command, "Failed")
    /\ hosting' = [hosting EXCEPT ![n] = FALSE]

-----------------------------------------------------------------------------
\* What a node does about its own membership: transactions on its own row.

\* Only with the flag for it, and only while the store has no cluster.
Bootstrap(n) ==
    /\ view.number = 0
    /\ view' = [number |-> 1, members |-> {n}, term |-> 0]
    /\ nodeState' = [nodeState EXCEPT ![n] = "Admitted"]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, hosting>>

NodeJoin(n) ==
    /\ view.number > 0
    /\ nodeState[n] \in {"Left", "Failed"}
    /\ SessionLive(n)
    /\ nodeState' = [nodeState EXCEPT ![n] = "Joining"]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, view, hosting>>

ReadView(n) ==
    /\ membershipView[n].number < view.number
    /\ membershipView' = [membershipView EXCEPT ![n] = [number |-> view.number, members |-> view.members]]
    /\ UNCHANGED <<worldVars, incarnation, deadline, primaryTerm, observed, commands, sessions, primary, memberVars>>

\* Active once it knows a view that it is in.
NodeJoinComplete(n) ==
    /\ nodeState[n] = "Admitted"
    /\ n \in membershipView[n].members
    /\ nodeState' = [nodeState EXCEPT ![n] = "Active"]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, view, hosting>>

\* Leaving begins with the drain. A primary that leaves resigns first.
NodeLeave(n) ==
    /\ nodeState[n] = "Active"
    /\ primaryTerm[n] = 0
    /\ nodeState' = [nodeState EXCEPT ![n] = "Leaving"]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, view, hosting>>

\* A claim reads the member row.
ClaimActors(n) ==
    /\ SessionLive(n)
    /\ nodeState[n] = "Active"
    /\ ~hosting[n]
    /\ hosting' = [hosting EXCEPT ![n] = TRUE]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, view, nodeState>>

Drain(n) ==
    /\ nodeState[n] = "Leaving"
    /\ hosting[n]
    /\ hosting' = [hosting EXCEPT ![n] = FALSE]
    /\ UNCHANGED <<worldVars, memoryVars, commands, sessions, primary, view, nodeState>>

-----------------------------------------------------------------------------
\* The environment.

Times == Nat
Advances(d) == (d * (1000 - RhoPerThousand))..(d * (1000 + RhoPerThousand))
ClockReadings(d) == Int

AdvanceClock(t) ==
    /\ t > clock
    /\ clock' = t
    /\ nodeClocks' \in {f \in [Nodes -> ClockReadings(t - clock)] :
                           \A n \in Nodes : f[n] - nodeClocks[n] \in Advances(t - clock)}
    /\ UNCHANGED <<memoryVars, commands, sessions, primary, memberVars>>

\* A process dies, and the next one knows nothing. A node that only stands still takes no step.
NodeRestart(n) ==
    /\ incarnation' = [incarnation EXCEPT ![n] = @ + 1]
    /\ deadline' = [deadline EXCEPT ![n] = 0]
    /\ primaryTerm' = [primaryTerm EXCEPT ![n] = 0]
    /\ membershipView' = [membershipView EXCEPT ![n] = NoView]
    /\ observed' = [observed EXCEPT ![n] = NothingObserved]
    /\ UNCHANGED <<worldVars, commands, sessions, primary, memberVars>>

\* Lost, or refused by the store.
DropMessage(command) ==
    /\ command \in commands
    /\ commands' = commands \ {command}
    /\ UNCHANGED <<worldVars, memoryVars, sessions, primary, memberVars>>

Next ==
    \/ \E t \in Times : AdvanceClock(t)
    \/ \E command \in commands : DropMessage(command)
    \/ \E n \in Nodes :
          \/ RenewSession(n) \/ ElectPrimary(n) \/ PrimaryStepDown(n)
          \/ AdmitNode(n) \/ NodeLeaveComplete(n) \/ MarkNodeFailed(n)
          \/ Bootstrap(n) \/ NodeJoin(n) \/ ReadView(n) \/ NodeJoinComplete(n) \/ NodeLeave(n)
          \/ ClaimActors(n) \/ Drain(n) \/ NodeRestart(n)
          \/ \E m \in Nodes \ {n} :
                ObserveSession(n, m) \/ RequestAdmission(n, m) \/ RequestRemoval(n, m) \/ RequestEviction(n, m)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
\* What must hold in every state.

States == {"Left", "Joining", "Admitted", "Active", "Leaving", "Failed"}

TypeOK ==
    /\ clock \in Nat
    /\ nodeClocks \in [Nodes -> Nat]
    /\ incarnation \in [Nodes -> Nat]
    /\ deadline \in [Nodes -> Nat]
    /\ primaryTerm \in [Nodes -> Nat]
    /\ membershipView \in [Nodes -> [number : Nat, members : SUBSET Nodes]]
    /\ observed \in [Nodes -> [Nodes -> [version : Nat, at : Nat]]]
    /\ commands \subseteq [node : Nodes, term : Nat, number : Nat, change : {"admit", "remove", "evict"},
                           subject : Nodes, version : Nat, members : SUBSET Nodes]
    /\ sessions \in [Nodes -> [incarnation : Nat, version : Nat]]
    /\ primary \in [holder : Nodes \cup {NoPrimary}, incarnation : Nat, term : Nat]
    /\ view \in [number : Nat, members : SUBSET Nodes, term : Nat]
    /\ nodeState \in [Nodes -> States]
    /\ hosting \in [Nodes -> BOOLEAN]

\* At most one node believes that it is the primary: the old one stops before another can win.
NoSplitBrain ==
    \A n, m \in Nodes : BelievesPrimary(n) /\ BelievesPrimary(m) => n = m

\* A term has one winner, also among those that believe no longer.
ElectionSafety ==
    \A n, m \in Nodes : primaryTerm[n] > 0 /\ primaryTerm[n] = primaryTerm[m] => n = m

\* Two views of one number are one view, wherever they are kept.
MembershipConsistency ==
    \A n \in Nodes :
        /\ \A m \in Nodes : membershipView[n].number = membershipView[m].number => membershipView[n] = membershipView[m]
        /\ membershipView[n].number = view.number => membershipView[n].members = view.members

\* Rows and view change together: there is no member that only one of them knows.
JoinAtomicity ==
    view.members = {n \in Nodes : nodeState[n] \in {"Admitted", "Active", "Leaving"}}

\* Who has actors is a member, and was drained before it left.
HostsAreMembers ==
    \A n \in Nodes : hosting[n] => nodeState[n] \in {"Active", "Leaving"}

\* What must hold in every step.

\* No command takes effect once a later primary was elected.
CommandFencing ==
    [][view' # view => view'.term = primary.term]_vars

TermMonotonic ==
    [][primary'.term >= primary.term]_vars

\* Nobody is evicted while it believes in its session.
EvictedAreExpired ==
    [][\A n \in Nodes : nodeState[n] # "Failed" /\ nodeState'[n] = "Failed" => ~SessionLive(n)]_vars

\* Nobody serves before it knows a view that it is in.
ActiveKnowsView ==
    [][\A n \in Nodes : nodeState[n] # "Active" /\ nodeState'[n] = "Active" => n \in membershipView[n].members]_vars

-----------------------------------------------------------------------------
\* For exploration only: a configuration puts ModelTimes for Times and ModelClockReadings for
\* ClockReadings, sets the numbers, and names StateConstraint. No guard reads any of this.

ModelTimes == {3}
ModelRates == {1000 - RhoPerThousand, 1000 + RhoPerThousand}
ModelClockReadings(d) == {nodeClocks[n] + d * rate : n \in Nodes, rate \in ModelRates}

MaxCommands == 1
MaxIncarnation == 1
MaxRenewals == 3         \* of all sessions together
MaxTerm == 2
MaxNumber == 2           \* of the view
MinSpread == 1           \* between two clocks, once time has passed
Founders == Nodes
Hosts == Nodes

\* A command that can change nothing any more.
Spent(command) == command.number # view.number

RECURSIVE Sum(_, _)
Sum(f, over) == IF over = {} THEN 0 ELSE LET one == CHOOSE x \in over : TRUE IN f[one] + Sum(f, over \ {one})

StateConstraint ==
    /\ Cardinality(commands) <= MaxCommands
    /\ \A command \in commands : ~Spent(command)
    /\ \A n \in Nodes : incarnation[n] <= MaxIncarnation
    /\ Sum([n \in Nodes |-> sessions[n].version], Nodes) <= MaxRenewals
    /\ primary.term <= MaxTerm
    /\ view.number <= MaxNumber
    /\ \A n \in Nodes : hosting[n] => n \in Hosts
    /\ view.number = 1 => view.members \subseteq Founders
    /\ clock > 0 => \E n, m \in Nodes : nodeClocks[n] - nodeClocks[m] >= MinSpread
=============================================================================
