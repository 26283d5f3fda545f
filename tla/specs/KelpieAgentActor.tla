-------------------------- MODULE KelpieAgentActor --------------------------
(***************************************************************************)
(* An agent: an actor that works on messages in iterations.                *)
(*                                                                         *)
(* In an iteration the agent thinks, and then either answers the message   *)
(* or calls a tool, whose result it sees in the next one.  Thinking leaves *)
(* no trace: what was thought counts once it is committed.  The agent is   *)
(* one row, and a checkpoint writes all of it under the lease's token.     *)
(*                                                                         *)
(* A tool is outside: a call may arrive late or never, its reply may be    *)
(* lost, and nothing outside compares tokens.  So the intent is committed  *)
(* before the call and the result after it, and only the incarnation that  *)
(* committed the intent calls.  A successor that finds an intent takes it  *)
(* over under its own token and calls again (idempotent tools), asks the   *)
(* tool first (queryable ones), or tells the agent that the outcome is     *)
(* unknown (once).                                                         *)
(*                                                                         *)
(* An incarnation is a claim of the lease: whoever starts the agent draws  *)
(* a new token, also the process after a crash.  Nothing here depends on   *)
(* when others may claim (KelpieLease) or on the mailbox                   *)
(* (KelpieActorLifecycle).  Guards read the process's memory, a reply or   *)
(* the store; `effects', `intents' and `replies' are the world's.          *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Nodes,
    Agents,
    NoHolder,
    NoTool,
    IdempotentTools,   \* to be called again with the same call id
    QueryableTools,    \* to be asked for a call id before it is called again
    OnceTools          \* never to be called again

Tools == IdempotentTools \cup QueryableTools \cup OnceTools

ASSUME /\ NoHolder \notin Nodes
       /\ NoTool \notin Tools
       /\ IdempotentTools \cap QueryableTools = {}
       /\ OnceTools \cap (IdempotentTools \cup QueryableTools) = {}

VARIABLES
    agentState,      \* memory: "Inactive", "Starting" or "Running"
    nodeBeliefs,     \* memory: see NoBelief
    leases,          \* store: [holder, token]
    fdbCheckpoint,   \* store: the row of each agent, see NewAgent
    messageQueue,    \* store: how many messages were accepted; they are numbered
    toolCalls,       \* calls on their way to a tool, and replies on their way back
    effects,         \* what tools have executed, one after the other
    intents,         \* intents that were ever committed
    replies          \* messages whose callers have been told the answer

vars == <<agentState, nodeBeliefs, leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

-----------------------------------------------------------------------------
\* `token' is the writer's, `first' that of the first incarnation that may have called.
NoIntent == [call |-> 0, tool |-> NoTool, token |-> 0, first |-> 0]

\* Each iteration ends with an entry of the transcript or with an answer.
NewAgent == [iteration |-> 0, message_index |-> 0, paused |-> FALSE, intent |-> NoIntent, transcript |-> <<>>, token |-> 0]

\* `row' is the agent as this incarnation knows it; the rest is about the call that is intended:
\* whether it was sent, whether the tool said that it knows no such call, and the result.
NoBelief == [token |-> 0, row |-> NewAgent, called |-> FALSE, absent |-> FALSE, result |-> "none"]

Init ==
    /\ agentState = [n \in Nodes |-> [a \in Agents |-> "Inactive"]]
    /\ nodeBeliefs = [n \in Nodes |-> [a \in Agents |-> NoBelief]]
    /\ leases = [a \in Agents |-> [holder |-> NoHolder, token |-> 0]]
    /\ fdbCheckpoint = [a \in Agents |-> NewAgent]
    /\ messageQueue = [a \in Agents |-> 0]
    /\ toolCalls = {}
    /\ effects = <<>>
    /\ intents = {}
    /\ replies = [a \in Agents |-> {}]

Belief(n, a) == nodeBeliefs[n][a]
Row(n, a) == Belief(n, a).row
Intent(n, a) == Row(n, a).intent

TokenHolds(n, a) == leases[a].holder = n /\ leases[a].token = Belief(n, a).token

HasIntent(row) == row.intent.call > 0
HasWork(n, a) == Row(n, a).message_index < messageQueue[a]

\* Neither in an iteration nor paused.
MayBegin(n, a) ==
    /\ agentState[n][a] = "Running"
    /\ ~HasIntent(Row(n, a))
    /\ ~Row(n, a).paused
    /\ HasWork(n, a)

\* A checkpoint: the whole row, in one transaction that compares the token.
Commit(n, a, row) ==
    /\ agentState[n][a] = "Running"
    /\ TokenHolds(n, a)
    /\ fdbCheckpoint' = [fdbCheckpoint EXCEPT ![a] = [row EXCEPT !.token = Belief(n, a).token]]

\* The next iteration knows nothing of the call before.
Remember(n, a, row) == nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a] =
    [NoBelief EXCEPT !.token = Belief(n, a).token, !.row = [row EXCEPT !.token = Belief(n, a).token]]]

-----------------------------------------------------------------------------
\* Beginning and end of an incarnation.

EnqueueMessage(a) ==
    /\ messageQueue' = [messageQueue EXCEPT ![a] = @ + 1]
    /\ UNCHANGED <<agentState, nodeBeliefs, leases, fdbCheckpoint, toolCalls, effects, intents, replies>>

StartAgent(n, a) ==
    /\ agentState[n][a] = "Inactive"
    /\ leases' = [leases EXCEPT ![a] = [holder |-> n, token |-> @.token + 1]]
    /\ agentState' = [agentState EXCEPT ![n][a] = "Starting"]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a] = [NoBelief EXCEPT !.token = leases[a].token + 1]]
    /\ UNCHANGED <<fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

\* The agent goes on where the last checkpoint left it: paused, or with an intent of another incarnation.
CompleteStartup(n, a) ==
    /\ agentState[n][a] = "Starting"
    /\ agentState' = [agentState EXCEPT ![n][a] = "Running"]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a].row = fdbCheckpoint[a]]
    /\ UNCHANGED <<leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

\* A refused commit ends the incarnation; nothing is saved.
LearnFenced(n, a) ==
    /\ agentState[n][a] # "Inactive"
    /\ ~TokenHolds(n, a)
    /\ agentState' = [agentState EXCEPT ![n][a] = "Inactive"]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a] = NoBelief]
    /\ UNCHANGED <<leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

\* At any point. What was sent goes on.
NodeCrash(n) ==
    /\ agentState' = [agentState EXCEPT ![n] = [a \in Agents |-> "Inactive"]]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n] = [a \in Agents |-> NoBelief]]
    /\ UNCHANGED <<leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

-----------------------------------------------------------------------------
\* Iterations.

\* The agent wants a tool. The call's id is that of the iteration.
CommitIntent(n, a, tool) ==
    /\ MayBegin(n, a)
    /\ LET token == Belief(n, a).token
           row == [Row(n, a) EXCEPT !.intent = [call |-> Row(n, a).iteration + 1, tool |-> tool, token |-> token, first |-> token]]
       IN /\ Commit(n, a, row)
          /\ Remember(n, a, row)
          /\ intents' = intents \cup {[agent |-> a, call |-> row.intent.call, tool |-> tool, token |-> token]}
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, replies>>

\* The agent answers. Message and iteration are over with one checkpoint.
CommitAnswer(n, a) ==
    /\ MayBegin(n, a)
    /\ LET row == [Row(n, a) EXCEPT !.message_index = @ + 1, !.iteration = @ + 1]
       IN Commit(n, a, row) /\ Remember(n, a, row)
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, intents, replies>>

\* From committed state, perhaps a second time.
SayAnswer(n, a, id) ==
    /\ agentState[n][a] = "Running"
    /\ id <= Row(n, a).message_index
    /\ replies' = [replies EXCEPT ![a] = @ \cup {id}]
    /\ UNCHANGED <<agentState, nodeBeliefs, leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents>>

\* An intent of an incarnation that is no more. Whether it called is unknown.
AdoptIntent(n, a) ==
    /\ HasIntent(Row(n, a))
    /\ Intent(n, a).token # Belief(n, a).token
    /\ Intent(n, a).tool \notin OnceTools
    /\ LET row == [Row(n, a) EXCEPT !.intent.token = Belief(n, a).token]
       IN /\ Commit(n, a, row)
          /\ Remember(n, a, row)
          /\ intents' = intents \cup
                {[agent |-> a, call |-> row.intent.call, tool |-> row.intent.tool, token |-> row.intent.token]}
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, replies>>

\* Its own call, and nobody before has perhaps made it.
IsFirst(n, a) == ~Belief(n, a).called /\ Intent(n, a).first = Belief(n, a).token

MayCall(n, a) ==
    CASE Intent(n, a).tool \in IdempotentTools -> TRUE
      [] Intent(n, a).tool \in QueryableTools  -> IsFirst(n, a) \/ Belief(n, a).absent
      [] Intent(n, a).tool \in OnceTools       -> ~Belief(n, a).called

Call(n, a) == [agent |-> a, call |-> Intent(n, a).call, tool |-> Intent(n, a).tool, token |-> Belief(n, a).token]
Message(call, status) == [agent |-> call.agent, call |-> call.call, tool |-> call.tool, token |-> call.token, status |-> status]

\* No lease is asked: the intent is the permission, also for a process that has been superseded since.
CallTool(n, a) ==
    /\ agentState[n][a] = "Running"
    /\ HasIntent(Row(n, a))
    /\ Intent(n, a).token = Belief(n, a).token
    /\ MayCall(n, a)
    /\ toolCalls' = toolCalls \cup {Message(Call(n, a), "sent")}
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a].called = TRUE, ![n][a].absent = FALSE]
    /\ UNCHANGED <<agentState, leases, fdbCheckpoint, messageQueue, effects, intents, replies>>

ReceiveResult(n, a) ==
    /\ agentState[n][a] = "Running"
    /\ HasIntent(Row(n, a))
    /\ Message(Call(n, a), "done") \in toolCalls
    /\ toolCalls' = toolCalls \ {Message(Call(n, a), "done")}
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a].result = "done"]
    /\ UNCHANGED <<agentState, leases, fdbCheckpoint, messageQueue, effects, intents, replies>>

Executed(a, call) == \E i \in 1..Len(effects) : effects[i].agent = a /\ effects[i].call = call

\* The tool is asked for the call id. A call that is still on its way may be executed after the answer.
QueryTool(n, a) ==
    /\ agentState[n][a] = "Running"
    /\ HasIntent(Row(n, a))
    /\ Intent(n, a).token = Belief(n, a).token
    /\ Intent(n, a).tool \in QueryableTools
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT
          ![n][a].result = IF Executed(a, Intent(n, a).call) THEN "done" ELSE @,
          ![n][a].absent = ~Executed(a, Intent(n, a).call)]
    /\ UNCHANGED <<agentState, leases, fdbCheckpoint, messageQueue, toolCalls, effects, intents, replies>>

\* What may be said of the call: `failed' is certainly never, `unknown' is perhaps.
MayConclude(n, a, result) ==
    CASE result = "done"    -> Belief(n, a).result = "done"
      [] result = "failed"  -> IsFirst(n, a)
      [] result = "unknown" -> ~IsFirst(n, a)

\* The agent sees it in the next iteration.
CommitResult(n, a, result) ==
    /\ HasIntent(Row(n, a))
    /\ MayConclude(n, a, result)
    /\ LET entry == [call |-> Intent(n, a).call, tool |-> Intent(n, a).tool, result |-> result]
           row == [Row(n, a) EXCEPT !.transcript = Append(@, entry), !.intent = NoIntent, !.iteration = @ + 1]
       IN Commit(n, a, row) /\ Remember(n, a, row)
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, intents, replies>>

\* A checkpoint, too. What is known of the call stays known.
SetPaused(n, a, paused) ==
    /\ Row(n, a).paused # paused
    /\ Commit(n, a, [Row(n, a) EXCEPT !.paused = paused])
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n][a].row.paused = paused, ![n][a].row.token = Belief(n, a).token]
    /\ UNCHANGED <<agentState, leases, messageQueue, toolCalls, effects, intents, replies>>

PauseAgent(n, a) == SetPaused(n, a, TRUE)
ResumeAgent(n, a) == SetPaused(n, a, FALSE)

-----------------------------------------------------------------------------
\* Tools, and the way to them.

ExecuteTool(call) ==
    /\ Message(call, "sent") \in toolCalls
    /\ toolCalls' = (toolCalls \ {Message(call, "sent")}) \cup {Message(call, "done")}
    /\ effects' = Append(effects, call)
    /\ UNCHANGED <<agentState, nodeBeliefs, leases, fdbCheckpoint, messageQueue, intents, replies>>

DropMessage(message) ==
    /\ message \in toolCalls
    /\ toolCalls' = toolCalls \ {message}
    /\ UNCHANGED <<agentState, nodeBeliefs, leases, fdbCheckpoint, messageQueue, effects, intents, replies>>

CallOf(message) == [agent |-> message.agent, call |-> message.call, tool |-> message.tool, token |-> message.token]

Next ==
    \/ \E n \in Nodes : NodeCrash(n)
    \/ \E message \in toolCalls : ExecuteTool(CallOf(message)) \/ DropMessage(message)
    \/ \E a \in Agents :
          \/ EnqueueMessage(a)
          \/ \E n \in Nodes :
                \/ StartAgent(n, a) \/ CompleteStartup(n, a) \/ LearnFenced(n, a)
                \/ CommitAnswer(n, a) \/ AdoptIntent(n, a) \/ CallTool(n, a) \/ ReceiveResult(n, a) \/ QueryTool(n, a)
                \/ PauseAgent(n, a) \/ ResumeAgent(n, a)
                \/ \E tool \in Tools : CommitIntent(n, a, tool)
                \/ \E result \in {"done", "failed", "unknown"} : CommitResult(n, a, result)
                \/ \E id \in 1..messageQueue[a] : SayAnswer(n, a, id)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
\* What must hold in every state.

Results == {"done", "failed", "unknown"}
ToolCall == [agent : Agents, call : Nat, tool : Tools, token : Nat]
AgentRow ==
    [iteration : Nat, message_index : Nat, paused : BOOLEAN,
     intent : [call : Nat, tool : Tools \cup {NoTool}, token : Nat, first : Nat],
     transcript : Seq([call : Nat, tool : Tools, result : Results]), token : Nat]

TypeOK ==
    /\ agentState \in [Nodes -> [Agents -> {"Inactive", "Starting", "Running"}]]
    /\ nodeBeliefs \in [Nodes -> [Agents -> [token : Nat, row : AgentRow, called : BOOLEAN, absent : BOOLEAN,
                                             result : {"none", "done"}]]]
    /\ leases \in [Agents -> [holder : Nodes \cup {NoHolder}, token : Nat]]
    /\ fdbCheckpoint \in [Agents -> AgentRow]
    /\ messageQueue \in [Agents -> Nat]
    /\ toolCalls \subseteq [agent : Agents, call : Nat, tool : Tools, token : Nat, status : {"sent", "done"}]
    /\ effects \in Seq(ToolCall)
    /\ intents \subseteq ToolCall
    /\ replies \in [Agents -> SUBSET Nat]

\* One call of a tool that is not to be repeated has one effect, whoever crashed and whoever resumed.
AtMostOnceEffect ==
    \A i, j \in 1..Len(effects) :
        /\ effects[i].tool \in OnceTools
        /\ effects[i].agent = effects[j].agent
        /\ effects[i].call = effects[j].call
        => i = j

\* Whatever is on its way to a tool was committed before, under the token of its sender.
IntentBeforeCall ==
    \A message \in toolCalls : CallOf(message) \in intents

\* What the agent was told of a call is so, and stays so.
ResultsAreTrue ==
    \A a \in Agents : \A i \in 1..Len(fdbCheckpoint[a].transcript) :
        LET entry == fdbCheckpoint[a].transcript[i]
        IN /\ entry.result = "done" => Executed(a, entry.call)
           /\ entry.result = "failed" => ~Executed(a, entry.call)

\* A checkpoint is whole: each iteration that is over has left a result or an answer, and nothing else has.
CheckpointIntegrity ==
    \A a \in Agents : fdbCheckpoint[a].iteration = fdbCheckpoint[a].message_index + Len(fdbCheckpoint[a].transcript)

\* Nothing is answered that nobody asked.
MessageProcessingOrder ==
    \A a \in Agents : fdbCheckpoint[a].message_index <= messageQueue[a]

\* What must hold in every step.

\* Whatever is resumed, no iteration is undone or skipped.
CheckpointMonotonic ==
    [][\A a \in Agents :
          LET old == fdbCheckpoint[a]
              new == fdbCheckpoint'[a]
          IN /\ new.iteration \in {old.iteration, old.iteration + 1}
             /\ new.message_index >= old.message_index
             /\ Len(new.transcript) >= Len(old.transcript)
             /\ SubSeq(new.transcript, 1, Len(old.transcript)) = old.transcript]_vars

\* A checkpoint is accepted under the newest token only.
FencedWrites ==
    [][\A a \in Agents : fdbCheckpoint'[a] # fdbCheckpoint[a] => fdbCheckpoint'[a].token = leases[a].token]_vars

\* Every intent ends with a result that the agent sees, be it `unknown'.
ResultIsRecorded ==
    [][\A a \in Agents :
          LET old == fdbCheckpoint[a]
              new == fdbCheckpoint'[a]
          IN HasIntent(old) /\ new.intent.call # old.intent.call
             => /\ Len(new.transcript) > Len(old.transcript)
                /\ new.transcript[Len(old.transcript) + 1].call = old.intent.call]_vars

\* A call that somebody may have made before is made again only after the tool said that it has no such call.
QueryableIsAsked ==
    [][\A message \in toolCalls' \ toolCalls :
          message.tool \in QueryableTools /\ (\E intent \in intents :
              intent.agent = message.agent /\ intent.call = message.call /\ intent.token < message.token)
          => \/ message.status = "done"
             \/ \E n \in Nodes : Belief(n, message.agent).token = message.token /\ Belief(n, message.agent).absent]_vars

\* While an agent is paused, on whatever node, no iteration begins.
PauseRespected ==
    [][\A a \in Agents : fdbCheckpoint[a].paused =>
          /\ fdbCheckpoint'[a].message_index = fdbCheckpoint[a].message_index
          /\ fdbCheckpoint'[a].intent.call \in {0, fdbCheckpoint[a].intent.call}]_vars

\* Nobody is told an answer that a crash could still take back.
AcknowledgedIsCommitted ==
    [][\A a \in Agents : \A id \in replies'[a] \ replies[a] : id <= fdbCheckpoint[a].message_index]_vars

-----------------------------------------------------------------------------
\* For exploration only: a configuration sets the numbers and names StateConstraint. No guard
\* reads any of this.

MaxToken == 2
MaxMessages == 1         \* of an agent
MaxIterations == 1       \* of an agent
MaxResults == 2          \* in a transcript
MaxIntents == 2
MaxCalls == 2            \* on their way
MaxEffects == 2
Pausing == FALSE         \* whether agents are paused

StateConstraint ==
    /\ Cardinality(toolCalls) <= MaxCalls
    /\ Len(effects) <= MaxEffects
    /\ Cardinality(intents) <= MaxIntents
    /\ \A a \in Agents :
          /\ leases[a].token <= MaxToken
          /\ messageQueue[a] <= MaxMessages
          /\ fdbCheckpoint[a].iteration <= MaxIterations
          /\ Len(fdbCheckpoint[a].transcript) <= MaxResults
          /\ fdbCheckpoint[a].paused => Pausing
=============================================================================
