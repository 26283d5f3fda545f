----------------------- MODULE KelpieAgentActorBroken -----------------------
(***************************************************************************)
(* An agent with one mistake at a time.                                    *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieAgentActorBroken_X.cfg puts it there.  Invariants   *)
(* and properties are those of KelpieAgentActor, untouched.  Where X is    *)
(* one of them, X is violated and all others hold within the bounds of the *)
(* configuration; where X names a mistake, the README says what it breaks. *)
(***************************************************************************)
EXTENDS KelpieAgentActor

\* For CompleteStartup: the agent begins in a state that nobody knows.
StartAsReady(n, a) ==
    /\ agentState[n][a] = "Starting"
    /\ agentState' = [agentState EXCEPT ![n][a] = "Ready"]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a].row = fdbCheckpoint[a]]
    /\ UNCHANGED <<leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

\* For AdoptIntent: whatever tool it is. (Resume by doing it again.)
AdoptAnyIntent(n, a) ==
    /\ HasIntent(Row(n, a))
    /\ Intent(n, a).token # Belief(n, a).token
    /\ LET row == [Row(n, a) EXCEPT !.intent.token = Belief(n, a).token]
       IN /\ Commit(n, a, row)
          /\ Remember(n, a, row)
          /\ intents' = intents \cup
                {[agent |-> a, call |-> row.intent.call, tool |-> row.intent.tool, token |-> row.intent.token]}
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, replies>>

\* For CommitIntent: the intent stays in memory, and the store hears of it with the result.
IntendInMemory(n, a, tool) ==
    /\ MayBegin(n, a)
    /\ LET token == Belief(n, a).token
       IN Remember(n, a, [Row(n, a) EXCEPT
             !.intent = [call |-> Row(n, a).iteration + 1, tool |-> tool, token |-> token, first |-> token]])
    /\ UNCHANGED <<agentState, leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

\* For MayConclude: no reply is taken for no effect.
ConcludeFromSilence(n, a, result) ==
    CASE result = "done"    -> Belief(n, a).result = "done"
      [] result = "failed"  -> Belief(n, a).result = "none"
      [] result = "unknown" -> ~IsFirst(n, a)

\* For CommitResult: the result is written first, and the iteration with the next checkpoint.
CommitResultAlone(n, a, result) ==
    /\ HasIntent(Row(n, a))
    /\ MayConclude(n, a, result)
    /\ LET entry == [call |-> Intent(n, a).call, tool |-> Intent(n, a).tool, result |-> result]
           row == [Row(n, a) EXCEPT !.transcript = Append(@, entry), !.intent = NoIntent]
       IN Commit(n, a, row) /\ Remember(n, a, row)
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, intents, replies>>

\* For HasWork: an agent that has begun goes on by itself.
AlwaysHasWork(n, a) == TRUE

\* For CompleteStartup: the row could not be read, and a new agent begins.
StartAsNew(n, a) ==
    /\ agentState[n][a] = "Starting"
    /\ agentState' = [agentState EXCEPT ![n][a] = "Running"]
    /\ UNCHANGED <<nodeBeliefs, leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

\* For CommitAnswer: no comparison with the lease. (No fencing.)
CommitAnswerUnfenced(n, a) ==
    /\ MayBegin(n, a)
    /\ LET row == [Row(n, a) EXCEPT !.message_index = @ + 1, !.iteration = @ + 1, !.token = Belief(n, a).token]
       IN fdbCheckpoint' = [fdbCheckpoint EXCEPT ![a] = row] /\ Remember(n, a, row)
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, intents, replies>>

\* For AdoptIntent: what the incarnation before had in mind is dropped, and the agent thinks again.
DropIntent(n, a) ==
    /\ HasIntent(Row(n, a))
    /\ Intent(n, a).token # Belief(n, a).token
    /\ LET row == [Row(n, a) EXCEPT !.intent = NoIntent]
       IN Commit(n, a, row) /\ Remember(n, a, row)
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, intents, replies>>

\* For MayCall: a tool that can be asked is called again without asking.
CallWithoutAsking(n, a) ==
    IF Intent(n, a).tool \in OnceTools THEN ~Belief(n, a).called ELSE TRUE

\* For CompleteStartup: who starts runs.
StartUnpaused(n, a) ==
    /\ agentState[n][a] = "Starting"
    /\ agentState' = [agentState EXCEPT ![n][a] = "Running"]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a].row = [fdbCheckpoint[a] EXCEPT !.paused = FALSE]]
    /\ UNCHANGED <<leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

\* For SayAnswer: as soon as the agent has the answer.
SayAnswerAtOnce(n, a, id) ==
    /\ agentState[n][a] = "Running"
    /\ id <= Row(n, a).message_index \/ (MayBegin(n, a) /\ id = Row(n, a).message_index + 1)
    /\ replies' = [replies EXCEPT ![a] = @ \cup {id}]
    /\ UNCHANGED <<agentState, nodeBeliefs, leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents>>

-----------------------------------------------------------------------------
\* Mistakes with consequences elsewhere.

\* For MayCall: no reply, so once more.
CallUntilAnswered(n, a) == Belief(n, a).result = "none"

\* For SetPaused: a checkpoint in the middle of a call forgets that it was made.
PauseAndForget(n, a, paused) ==
    /\ Row(n, a).paused # paused
    /\ LET row == [Row(n, a) EXCEPT !.paused = paused]
       IN Commit(n, a, row) /\ Remember(n, a, row)
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, intents, replies>>

\* For CallTool: the intent is in the store, whoever wrote it.
CallForAnybody(n, a) ==
    /\ agentState[n][a] = "Running"
    /\ HasIntent(Row(n, a))
    /\ MayCall(n, a)
    /\ toolCalls' = toolCalls \cup {Message(Call(n, a), "sent")}
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a].called = TRUE, ![n][a].absent = FALSE]
    /\ UNCHANGED <<agentState, leases, fdbCheckpoint, messageQueue, effects, intents, replies>>

\* For IsFirst: this process has not called, so nobody has.
FirstInThisProcess(n, a) == ~Belief(n, a).called

\* For AdoptIntent: the successor's call is a new one to the tool.
AdoptUnderNewId(n, a) ==
    /\ HasIntent(Row(n, a))
    /\ Intent(n, a).token # Belief(n, a).token
    /\ Intent(n, a).tool \notin OnceTools
    /\ LET row == [Row(n, a) EXCEPT !.intent.token = Belief(n, a).token, !.intent.call = @ + 1]
       IN /\ Commit(n, a, row)
          /\ Remember(n, a, row)
          /\ intents' = intents \cup
                {[agent |-> a, call |-> row.intent.call, tool |-> row.intent.tool, token |-> row.intent.token]}
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, replies>>
=============================================================================
