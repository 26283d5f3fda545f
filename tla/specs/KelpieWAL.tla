----------------------------- MODULE KelpieWAL -----------------------------
(***************************************************************************)
(* The log of accepted operations of one node.                             *)
(*                                                                         *)
(* A client sends an operation under a key of its own and repeats it until *)
(* it is answered.  The node appends it, syncs a group of records at once  *)
(* and then says `accepted'; it submits the operation to the actor's owner *)
(* and says `committed' only after the owner's transaction.  A crash takes *)
(* the process's memory and what was not synced; the next process scans    *)
(* the log before it serves, and submits again what it cannot know to be   *)
(* settled.  The owner remembers a window of keys per client, stored with  *)
(* the actor's state, so that nothing takes effect twice.                  *)
(*                                                                         *)
(* Guards read the process's memory, the file as the process sees it, the  *)
(* owner's row, or a message.  `durable', `stale' and `replies' are the    *)
(* world's: they occur in effects and in what must hold, in no guard.      *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Clients,
    Payloads,
    WindowSize       \* keys that the owner remembers for each client

ASSUME WindowSize \in Nat \ {0}

VARIABLES
    wal,          \* the file as a process reads it: a sequence of operations
    tornAt,       \* the record that a crash left half written, 0 for none
    durable,      \* how many records at the front survive whatever comes
    stale,        \* pages that a failed sync dropped read back as if they were kept
    crashed,      \* no process is there
    recovering,   \* the process does not serve yet
    scanned,      \* memory: this process has read the log
    keyIndex,     \* memory: the operations that it knows to be in the log
    synced,       \* memory: how many records it knows to be durable
    poisoned,     \* memory: a sync of the present segment has failed
    completed,    \* memory: operations that the owner has settled
    submissions,  \* messages to the owner; each may arrive late, and often
    answers,      \* messages of the owner: an operation and its verdict; late, and often, too
    storage,      \* store: per client, the window of keys and the low-water mark
    effects,      \* store: what the actor has executed
    replies       \* what clients have been told

fileVars   == <<wal, tornAt, durable, stale>>
memoryVars == <<scanned, keyIndex, synced, poisoned, completed>>
messageVars == <<submissions, answers>>
storeVars  == <<storage, effects>>
vars == <<wal, tornAt, durable, stale, crashed, recovering, scanned, keyIndex, synced, poisoned,
          completed, submissions, answers, storage, effects, replies>>

-----------------------------------------------------------------------------
\* Keys are sequence numbers of a client's session.
Keys == Nat \ {0}

Op(c, key, data) == [client |-> c, idempotencyKey |-> key, data |-> data]
SameKey(a, b) == a.client = b.client /\ a.idempotencyKey = b.idempotencyKey

Records(s) == {s[i] : i \in 1..Len(s)}
FirstRecords(n) == SubSeq(wal, 1, n)

\* What a checksum vouches for: everything in front of a torn record.
WholeRecords == IF tornAt = 0 THEN wal ELSE FirstRecords(tornAt - 1)

Serving == ~crashed /\ ~recovering
KnownKey(op) == \E known \in keyIndex : SameKey(known, op)

\* The answers of an owner that is asked for an operation.
Window(op) == storage[op.client].window
Expired(op) == op.idempotencyKey <= storage[op.client].lowWater
Remembered(op) == \E done \in Window(op) : SameKey(done, op)
Decided(op) == Expired(op) \/ Remembered(op)
Verdicts == {"committed", "expired", "mismatch"}
Verdict(op) == IF op \in Window(op) THEN "committed" ELSE IF Expired(op) THEN "expired" ELSE "mismatch"

Tell(op, said) == replies' = replies \cup {[op |-> op, said |-> said]}

Init ==
    /\ wal = <<>> /\ tornAt = 0 /\ durable = 0 /\ stale = FALSE
    /\ crashed = FALSE /\ recovering = FALSE
    /\ scanned = TRUE /\ keyIndex = {} /\ synced = 0 /\ poisoned = FALSE /\ completed = {}
    /\ submissions = {} /\ answers = {}
    /\ storage = [c \in Clients |-> [window |-> {}, lowWater |-> 0]]
    /\ effects = <<>>
    /\ replies = {}

-----------------------------------------------------------------------------
\* Steps of a process that serves.

\* Check and append are one step: no second operation slips in under the same key.
AppendToWal(c, key, data) ==
    /\ Serving
    /\ ~poisoned
    /\ LET op == Op(c, key, data)
       IN /\ ~KnownKey(op)
          /\ wal' = Append(wal, op)
          /\ keyIndex' = keyIndex \cup {op}
    /\ UNCHANGED <<tornAt, durable, stale, crashed, recovering, scanned, synced, poisoned, completed,
                   messageVars, storeVars, replies>>

\* A key that is known with another payload is a client's mistake, now or earlier: which of the two operations the owner
\* has executed, or will, only the owner knows. So this is no verdict.
RefuseMismatch(c, key, data) ==
    /\ Serving
    /\ LET op == Op(c, key, data)
       IN /\ \E known \in keyIndex : SameKey(known, op) /\ known.data # data
          /\ Tell(op, "conflict")
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, storeVars>>

\* The answer to a new operation and to a repeated one alike.
SayAccepted(c, key, data) ==
    /\ Serving
    /\ Op(c, key, data) \in Records(FirstRecords(synced))
    /\ Tell(Op(c, key, data), "accepted")
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, storeVars>>

\* One sync for the whole group. After a failed one, the kernel believes the pages clean and
\* reports success without keeping anything.
SyncLog ==
    /\ Serving
    /\ ~poisoned
    /\ synced < Len(wal)
    /\ synced' = Len(wal)
    /\ durable' = IF stale THEN durable ELSE Len(wal)
    /\ UNCHANGED <<wal, tornAt, stale, crashed, recovering, scanned, keyIndex, poisoned, completed,
                   messageVars, storeVars, replies>>

\* Nothing that was in the group is answered: whether it is kept is unknown.
SyncFails ==
    /\ Serving
    /\ ~poisoned
    /\ synced < Len(wal)
    /\ poisoned' = TRUE
    /\ stale' = TRUE
    /\ UNCHANGED <<wal, tornAt, durable, crashed, recovering, scanned, keyIndex, synced, completed,
                   messageVars, storeVars, replies>>

\* A poisoned segment is left as it is; the log is opened again as after a crash.
ReopenLog ==
    /\ Serving
    /\ poisoned
    /\ recovering' = TRUE
    /\ scanned' = FALSE /\ keyIndex' = {} /\ synced' = 0 /\ poisoned' = FALSE /\ completed' = {}
    /\ UNCHANGED <<fileVars, crashed, messageVars, storeVars, replies>>

\* For the first time, again after silence, or again after a crash: the same step.
SubmitOperation(op) ==
    /\ Serving
    /\ op \in Records(FirstRecords(synced))
    /\ op \notin completed
    /\ submissions' = submissions \cup {op}
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, storeVars, replies, answers>>

\* What the owner said was true when it said it, and stays so: a key that was forgotten since was executed then.
CompleteOperation(op, said) ==
    /\ Serving
    /\ op \in Records(FirstRecords(synced))
    /\ op \notin completed
    /\ [op |-> op, said |-> said] \in answers
    /\ completed' = completed \cup {op}
    /\ Tell(op, said)
    /\ UNCHANGED <<fileVars, crashed, recovering, scanned, keyIndex, synced, poisoned, messageVars, storeVars>>

\* A checkpoint: what is settled leaves the front of the log. From here on only the owner
\* knows the key.
Cleanup ==
    /\ Serving
    /\ ~poisoned
    /\ synced > 0
    /\ Head(wal) \in completed
    /\ wal' = Tail(wal)
    /\ synced' = synced - 1
    /\ durable' = IF durable > 0 THEN durable - 1 ELSE 0
    /\ keyIndex' = keyIndex \ {Head(wal)}
    /\ completed' = completed \ {Head(wal)}
    /\ UNCHANGED <<tornAt, stale, crashed, recovering, scanned, poisoned, messageVars, storeVars, replies>>

-----------------------------------------------------------------------------
\* Steps of a process that recovers.

StartRecovery ==
    /\ crashed
    /\ crashed' = FALSE
    /\ recovering' = TRUE
    /\ UNCHANGED <<fileVars, memoryVars, messageVars, storeVars, replies>>

\* Reads the log, cuts it in front of a torn record, and knows its keys again.
ScanLog ==
    /\ recovering
    /\ ~scanned
    /\ scanned' = TRUE
    /\ wal' = WholeRecords
    /\ keyIndex' = Records(WholeRecords)
    /\ tornAt' = 0
    /\ UNCHANGED <<durable, stale, crashed, recovering, synced, poisoned, completed, messageVars, storeVars, replies>>

\* What was read need not be on the disk: it may be pages of a process that was killed before its
\* sync, or that a failed sync left behind. So the records go into a new segment, which is synced.
RewriteTail ==
    /\ recovering
    /\ scanned
    /\ synced < Len(wal)
    /\ synced' = Len(wal)
    /\ durable' = Len(wal)
    /\ stale' = FALSE
    /\ UNCHANGED <<wal, tornAt, crashed, recovering, scanned, keyIndex, poisoned, completed, messageVars, storeVars, replies>>

CompleteRecovery ==
    /\ recovering
    /\ scanned
    /\ synced = Len(wal)
    /\ recovering' = FALSE
    /\ stale' = FALSE      \* an empty log goes on in a new segment, too
    /\ UNCHANGED <<wal, tornAt, durable, crashed, memoryVars, messageVars, storeVars, replies>>

-----------------------------------------------------------------------------
\* The owner's transaction: the effect and the memory of its key commit together. A key at or
\* below the low-water mark is answered `expired' and never executed.

Keep(row, op) ==
    LET all == row.window \cup {op}
        oldest == CHOOSE one \in all : \A other \in all : one.idempotencyKey <= other.idempotencyKey
    IN IF Cardinality(all) <= WindowSize
       THEN [row EXCEPT !.window = all]
       ELSE [window |-> all \ {oldest}, lowWater |-> oldest.idempotencyKey]

ExecuteOperation(op) ==
    /\ op \in submissions
    /\ ~Decided(op)
    /\ effects' = Append(effects, op)
    /\ storage' = [storage EXCEPT ![op.client] = Keep(@, op)]
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, replies>>

\* Asked for an operation that is decided, the owner answers from committed state that it read, perhaps a while ago:
\* what was executed stays executed when its key leaves the window.
Truths(op) ==
    {Verdict(op)} \cup (IF op \in Records(effects) THEN {"committed"} ELSE {})
                  \cup (IF \E done \in Records(effects) : SameKey(done, op) /\ done # op THEN {"mismatch"} ELSE {})

AnswerOperation(op, said) ==
    /\ op \in submissions
    /\ Decided(op)
    /\ said \in Truths(op)
    /\ answers' = answers \cup {[op |-> op, said |-> said]}
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, submissions, storeVars, replies>>

-----------------------------------------------------------------------------
\* Steps of the environment.

DropMessage(op) ==
    /\ op \in submissions
    /\ submissions' = submissions \ {op}
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, storeVars, replies, answers>>

DropAnswer(answer) ==
    /\ answer \in answers
    /\ answers' = answers \ {answer}
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, submissions, storeVars, replies>>

\* The process dies, and perhaps the machine: any part of what is not durable is lost, and the
\* last record that is left may be torn.
Crash ==
    /\ ~crashed
    /\ crashed' = TRUE
    /\ recovering' = FALSE
    /\ scanned' = FALSE /\ keyIndex' = {} /\ synced' = 0 /\ poisoned' = FALSE /\ completed' = {}
    /\ \E kept \in durable..Len(wal) :
          /\ wal' = FirstRecords(kept)
          /\ tornAt' \in IF kept > durable /\ tornAt = 0 THEN {0, kept}
                         ELSE {IF tornAt <= kept THEN tornAt ELSE 0}
          /\ stale' = (stale /\ kept > durable)
    /\ UNCHANGED <<durable, messageVars, storeVars, replies>>

Next ==
    \/ \E c \in Clients, key \in Keys, data \in Payloads :
          \/ AppendToWal(c, key, data) \/ RefuseMismatch(c, key, data) \/ SayAccepted(c, key, data)
    \/ \E i \in 1..Len(wal) : SubmitOperation(wal[i])
    \/ \E i \in 1..Len(wal), said \in Verdicts : CompleteOperation(wal[i], said)
    \/ \E op \in submissions : ExecuteOperation(op) \/ DropMessage(op)
    \/ \E op \in submissions, said \in Verdicts : AnswerOperation(op, said)
    \/ \E answer \in answers : DropAnswer(answer)
    \/ SyncLog \/ SyncFails \/ ReopenLog \/ Cleanup
    \/ StartRecovery \/ ScanLog \/ RewriteTail \/ CompleteRecovery
    \/ Crash

Spec == Init /\ [][Next]_vars

\* A process that is down is started, one that recovers goes on, one that serves syncs and submits as often
\* as it gets to it, and of messages that are sent again and again one arrives. Nobody promises that
\* there are no more crashes, failed syncs and lost messages.
Fairness ==
    /\ WF_vars(StartRecovery) /\ WF_vars(ScanLog) /\ WF_vars(RewriteTail) /\ WF_vars(CompleteRecovery)
    /\ WF_vars(SyncLog) /\ WF_vars(ReopenLog)
    /\ \A c \in Clients, key \in Keys, data \in Payloads :
          LET op == Op(c, key, data)
          IN SF_vars(SubmitOperation(op)) /\ SF_vars(ExecuteOperation(op))

FairSpec == Spec /\ Fairness

-----------------------------------------------------------------------------
\* What must hold in every state.

Operation == [client : Clients, idempotencyKey : Nat, data : Payloads]

TypeOK ==
    /\ wal \in Seq(Operation)
    /\ tornAt \in 0..Len(wal)
    /\ durable \in 0..Len(wal)
    /\ synced \in 0..Len(wal)
    /\ {stale, crashed, recovering, scanned, poisoned} \subseteq BOOLEAN
    /\ keyIndex \subseteq Records(wal)
    /\ completed \subseteq Records(wal)
    /\ submissions \subseteq Operation
    /\ answers \subseteq [op : Operation, said : Verdicts]
    /\ storage \in [Clients -> [window : SUBSET Operation, lowWater : Nat]]
    /\ effects \in Seq(Operation)
    /\ replies \subseteq [op : Operation, said : Verdicts \cup {"accepted", "conflict"}]

\* What a client was told to be accepted survives every crash until the owner has decided it.
Told(said) == {reply.op : reply \in {one \in replies : one.said = said}}
Durability ==
    \A op \in Told("accepted") \ Records(FirstRecords(durable)) : Decided(op)

\* The log has a key once.
Idempotency ==
    \A i, j \in 1..Len(wal) : SameKey(wal[i], wal[j]) => i = j

\* However often it is accepted, submitted and delivered, an operation takes effect once.
AtMostOnceEffect ==
    Cardinality({<<op.client, op.idempotencyKey>> : op \in Records(effects)}) = Len(effects)

\* What a client was told to be committed has taken effect, with the payload that it sent.
CommittedIsExecuted ==
    Told("committed") \subseteq Records(effects)

\* What a client was told to be a mismatch is never executed, then or later.
MismatchIsFinal ==
    Told("mismatch") \cap Records(effects) = {}

\* A half-written record is never taken for an operation.
OnlyWholeRecords ==
    Serving => tornAt = 0

\* The owner's memory of keys does not grow with the number of operations.
DedupWindowBounded ==
    \A c \in Clients : Cardinality(storage[c].window) <= WindowSize

\* What must hold in every step.

\* Nothing is appended before the log was read to its end and is known to be durable.
NoServeBeforeRecovered ==
    [][Len(wal') > Len(wal) => Serving]_vars

\* Nobody acts on an operation that a crash could still take back.
SubmitAfterSync ==
    [][submissions' \ submissions \subseteq Records(FirstRecords(durable))]_vars

\* After a failed sync a segment takes nothing more and confirms nothing more.
PoisonedTakesNothing ==
    [][poisoned /\ poisoned' => wal' = wal /\ synced' = synced]_vars

\* What must happen in the end.

\* Unless it crashes again and again, the node serves again and again.
DownAgainAndAgain == []<>crashed
EventualRecovery == (DownAgainAndAgain /\ []<>~crashed) \/ []<>Serving

\* And unless it is down again and again, what a client was told to be accepted is decided by the owner, across
\* crashes, failed syncs and lost messages.
Accepted(op) == [op |-> op, said |-> "accepted"] \in replies
EventualCompletion ==
    \/ DownAgainAndAgain
    \/ \A c \in Clients, key \in Keys, data \in Payloads : Accepted(Op(c, key, data)) ~> Decided(Op(c, key, data))

-----------------------------------------------------------------------------
\* For exploration only: a configuration puts ModelKeys for Keys, sets the numbers, and names
\* StateConstraint. No guard reads any of this.

ModelKeys == {1, 2}

MaxEntries == 2          \* in the log
MaxEffects == 2
MaxReplies == 1
MaxSubmissions == 1
MaxAnswers == 1
MaxOperations == 2       \* different ones in log, messages and replies together

StateConstraint ==
    /\ Len(wal) <= MaxEntries
    /\ Len(effects) <= MaxEffects
    /\ Cardinality(replies) <= MaxReplies
    /\ Cardinality(submissions) <= MaxSubmissions
    /\ Cardinality(answers) <= MaxAnswers
    /\ Cardinality(Records(wal) \cup submissions \cup Records(effects) \cup {reply.op : reply \in replies}) <= MaxOperations
=============================================================================
