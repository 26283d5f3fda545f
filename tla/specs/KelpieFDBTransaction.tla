------------------------ MODULE KelpieFDBTransaction ------------------------
(***************************************************************************)
(* What a transaction of the store promises, whichever engine it is.       *)
(*                                                                         *)
(* A transaction reads rows and ranges, keeps its writes to itself, and    *)
(* sends both in one request.  One committer takes requests one after the  *)
(* other: it compares the version of every row that was read, and of each  *)
(* range a version that every writer in the range raises.  What passes is  *)
(* appended to a log; a sync makes the appended part durable, then         *)
(* visible, and only then is anybody told.  A crash takes what was not     *)
(* synced.                                                                 *)
(*                                                                         *)
(* Requests and answers may be late or lost.  Who hears nothing does not   *)
(* know: the request may still take effect.  It may be sent again, because *)
(* a request compares a row that it writes, so that it passes once.  The   *)
(* outcome is settled by an answer or by the rows.                         *)
(*                                                                         *)
(* There is no promise about what a transaction sees before it commits     *)
(* except that each row was current when it was read: rows that were read  *)
(* one after the other may be of different moments, and then it does not   *)
(* commit.                                                                 *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Transactions,
    Keys,
    Values,
    RangeKeys,          \* the keys of the one range that is read as a whole
    NoValue,            \* of a row that was never written or was deleted
    NoWrite,
    NoTransaction

ASSUME /\ RangeKeys \subseteq Keys
       /\ NoValue \notin Values /\ NoWrite \notin Values \cup {NoValue}
       /\ NoTransaction \notin Transactions

VARIABLES
    txnState,           \* memory of the client: how far it is
    readSnapshot,       \* memory of the client: value and version of the rows it read
    rangeSnapshot,      \* memory of the client: the keys that it found in the range, and the range's version
    writeBuffer,        \* memory of the client: what it is going to write
    answer,             \* memory of the client: what its last read said
    attempts,           \* memory of the client: how often it sent its request
    requests,           \* network: how often the request is on its way
    replies,            \* network: answers to it
    kvStore,            \* store: the rows that readers see
    commitOrder,        \* store: the log of what passed
    synced              \* store: how much of the log a crash leaves

clientVars == <<txnState, readSnapshot, rangeSnapshot, writeBuffer, answer, attempts>>
storeVars == <<kvStore, commitOrder, synced>>
vars == <<txnState, readSnapshot, rangeSnapshot, writeBuffer, answer, attempts, requests, replies,
          kvStore, commitOrder, synced>>

-----------------------------------------------------------------------------
NotRead == -1
Unread == [value |-> NoValue, version |-> NotRead]
UnreadRange == [found |-> {}, version |-> NotRead]
NoAnswer == [key |-> NoValue, value |-> NoValue]
NoRow == [value |-> NoValue, version |-> 0, writer |-> NoTransaction]

Init ==
    /\ txnState = [t \in Transactions |-> "Idle"]
    /\ readSnapshot = [t \in Transactions |-> [k \in Keys |-> Unread]]
    /\ rangeSnapshot = [t \in Transactions |-> UnreadRange]
    /\ writeBuffer = [t \in Transactions |-> [k \in Keys |-> NoWrite]]
    /\ answer = [t \in Transactions |-> NoAnswer]
    /\ attempts = [t \in Transactions |-> 0]
    /\ requests = [t \in Transactions |-> 0]
    /\ replies = [t \in Transactions |-> {}]
    /\ kvStore = [k \in Keys |-> NoRow]
    /\ commitOrder = <<>>
    /\ synced = 0

Max(numbers) == CHOOSE m \in numbers : \A n \in numbers : n <= m

\* The row of k after the first n transactions of the log.
RowAt(n, k) ==
    LET writers == {i \in 1..n : commitOrder[i].writes[k] # NoWrite}
    IN IF writers = {} THEN NoRow
       ELSE LET i == Max(writers)
            IN [value |-> commitOrder[i].writes[k], version |-> commitOrder[i].versions[k],
                writer |-> commitOrder[i].txn]

\* The version of the range: a row of its own that every writer in the range raises.
RangeVersionOf(Row(_)) == Max({0} \cup {Row(k).version : k \in RangeKeys})
FoundIn(Row(_)) == {k \in RangeKeys : Row(k).value # NoValue}

Visible(k) == kvStore[k]
Last(k) == RowAt(Len(commitOrder), k)

Reads(t) == {k \in Keys : readSnapshot[t][k].version # NotRead}
Writes(t) == {k \in Keys : writeBuffer[t][k] # NoWrite}
ReadsRange(t) == rangeSnapshot[t].version # NotRead

-----------------------------------------------------------------------------
\* The client.

Begin(t) ==
    /\ txnState[t] = "Idle"
    /\ txnState' = [txnState EXCEPT ![t] = "Running"]
    /\ UNCHANGED <<readSnapshot, rangeSnapshot, writeBuffer, answer, attempts, requests, replies, storeVars>>

\* A row that this transaction is going to write is as it will be. Any other is read once.
RowToRead(t, k) == kvStore[k]

Say(t, k, value) == answer' = [answer EXCEPT ![t] = [key |-> k, value |-> value]]
SayNothing(t) == answer' = [answer EXCEPT ![t] = NoAnswer]

ReadOwn(t, k) ==
    /\ txnState[t] = "Running"
    /\ k \in Writes(t)
    /\ Say(t, k, writeBuffer[t][k])
    /\ UNCHANGED <<txnState, readSnapshot, rangeSnapshot, writeBuffer, attempts, requests, replies, storeVars>>

Read(t, k) ==
    /\ txnState[t] = "Running"
    /\ k \notin Writes(t) /\ k \notin Reads(t)
    /\ readSnapshot' = [readSnapshot EXCEPT ![t][k] =
          [value |-> RowToRead(t, k).value, version |-> RowToRead(t, k).version]]
    /\ Say(t, k, RowToRead(t, k).value)
    /\ UNCHANGED <<txnState, rangeSnapshot, writeBuffer, attempts, requests, replies, storeVars>>

ReadRange(t) ==
    /\ txnState[t] = "Running"
    /\ Writes(t) \cap RangeKeys = {}
    /\ ~ReadsRange(t)
    /\ rangeSnapshot' = [rangeSnapshot EXCEPT ![t] =
          [found |-> FoundIn(Visible), version |-> RangeVersionOf(Visible)]]
    /\ SayNothing(t)
    /\ UNCHANGED <<txnState, readSnapshot, writeBuffer, attempts, requests, replies, storeVars>>

\* NoValue deletes. The row stays, with its version.
Write(t, k, value) ==
    /\ txnState[t] = "Running"
    /\ writeBuffer' = [writeBuffer EXCEPT ![t][k] = value]
    /\ SayNothing(t)
    /\ UNCHANGED <<txnState, readSnapshot, rangeSnapshot, attempts, requests, replies, storeVars>>

\* So that a request cannot pass twice: its own write changes what it compares.
ComparesWhatItWrites(t) == Writes(t) = {} \/ Reads(t) \cap Writes(t) # {}

StartCommit(t) ==
    /\ txnState[t] = "Running"
    /\ ComparesWhatItWrites(t)
    /\ txnState' = [txnState EXCEPT ![t] = "Committing"]
    /\ attempts' = [attempts EXCEPT ![t] = 1]
    /\ requests' = [requests EXCEPT ![t] = 1]
    /\ SayNothing(t)
    /\ UNCHANGED <<readSnapshot, rangeSnapshot, writeBuffer, replies, storeVars>>

Abort(t) ==
    /\ txnState[t] = "Running"
    /\ txnState' = [txnState EXCEPT ![t] = "Aborted"]
    /\ SayNothing(t)
    /\ UNCHANGED <<readSnapshot, rangeSnapshot, writeBuffer, attempts, requests, replies, storeVars>>

Conclude(t, state) ==
    /\ txnState' = [txnState EXCEPT ![t] = state]
    /\ UNCHANGED <<readSnapshot, rangeSnapshot, writeBuffer, answer, attempts, requests, replies, storeVars>>

Waits(t) == txnState[t] \in {"Committing", "Unknown"}

LearnCommit(t) == Waits(t) /\ "ok" \in replies[t] /\ Conclude(t, "Committed")

\* Of a request that was sent twice, a conflict may be one with itself.
ConflictIsFinal(t) == attempts[t] = 1
LearnConflict(t) == Waits(t) /\ "conflict" \in replies[t] /\ ConflictIsFinal(t) /\ Conclude(t, "Aborted")

GiveUp(t) == txnState[t] = "Committing" /\ Conclude(t, "Unknown")

Resubmit(t) ==
    /\ txnState[t] = "Unknown"
    /\ attempts' = [attempts EXCEPT ![t] = @ + 1]
    /\ requests' = [requests EXCEPT ![t] = @ + 1]
    /\ UNCHANGED <<txnState, readSnapshot, rangeSnapshot, writeBuffer, answer, replies, storeVars>>

\* A row names this transaction: it took effect.
SettleAsCommitted(t) ==
    /\ txnState[t] = "Unknown"
    /\ \E k \in Writes(t) : kvStore[k].writer = t
    /\ Conclude(t, "Committed")

\* A row that it compares has moved on, so that it cannot take effect; and a row that it both compares and
\* writes has not, so that it never did. One without the other says nothing.
SettleAsAborted(t) ==
    /\ txnState[t] = "Unknown"
    /\ \E k \in Reads(t) : kvStore[k].version # readSnapshot[t][k].version
    /\ \E k \in Reads(t) \cap Writes(t) : kvStore[k].version = readSnapshot[t][k].version
    /\ Conclude(t, "Aborted")

-----------------------------------------------------------------------------
\* The store.

\* All rows and the range are as they were when they were read.
RowHolds(t, k) == Last(k).version = readSnapshot[t][k].version
RangeHolds(t) == ReadsRange(t) => RangeVersionOf(Last) = rangeSnapshot[t].version
ComparisonsHold(t) == (\A k \in Reads(t) : RowHolds(t, k)) /\ RangeHolds(t)

\* A version that no row of the log has.
NextVersion(t, k) == Len(commitOrder) + 1

Record(t) ==
    [txn |-> t, reads |-> readSnapshot[t], range |-> rangeSnapshot[t], writes |-> writeBuffer[t],
     versions |-> [k \in Keys |-> IF k \in Writes(t) THEN NextVersion(t, k) ELSE NotRead]]

Land(t) ==
    /\ requests[t] > 0
    /\ requests' = [requests EXCEPT ![t] = @ - 1]
    /\ IF ComparisonsHold(t)
       THEN commitOrder' = Append(commitOrder, Record(t)) /\ UNCHANGED replies
       ELSE replies' = [replies EXCEPT ![t] = @ \cup {"conflict"}] /\ UNCHANGED commitOrder
    /\ UNCHANGED <<clientVars, kvStore, synced>>

LoseRequest(t) ==
    /\ requests[t] > 0
    /\ requests' = [requests EXCEPT ![t] = @ - 1]
    /\ UNCHANGED <<clientVars, replies, storeVars>>

Show(k) == Last(k)

\* One sync for all that was appended since the last one.
Sync ==
    /\ synced < Len(commitOrder)
    /\ synced' = Len(commitOrder)
    /\ kvStore' = [k \in Keys |-> Show(k)]
    /\ replies' = [t \in Transactions |->
          replies[t] \cup IF \E i \in (synced + 1)..Len(commitOrder) : commitOrder[i].txn = t THEN {"ok"} ELSE {}]
    /\ UNCHANGED <<clientVars, requests, commitOrder>>

Crash ==
    /\ synced < Len(commitOrder)
    /\ commitOrder' = SubSeq(commitOrder, 1, synced)
    /\ UNCHANGED <<clientVars, requests, replies, kvStore, synced>>

-----------------------------------------------------------------------------
Ended(t) == txnState[t] \notin {"Idle", "Running", "Committing", "Unknown"}

\* Nothing is left to do.
Terminated ==
    /\ \A t \in Transactions : Ended(t) /\ requests[t] = 0
    /\ synced = Len(commitOrder)
    /\ UNCHANGED vars

StepOf(t) ==
    \/ Begin(t)
    \/ \E k \in Keys : ReadOwn(t, k) \/ Read(t, k) \/ (\E value \in Values : Write(t, k, value)) \/ Write(t, k, NoValue)
    \/ ReadRange(t)
    \/ StartCommit(t) \/ Abort(t)
    \/ LearnCommit(t) \/ LearnConflict(t) \/ GiveUp(t)
    \/ Resubmit(t) \/ SettleAsCommitted(t) \/ SettleAsAborted(t)
    \/ Land(t) \/ LoseRequest(t)

Next == (\E t \in Transactions : StepOf(t)) \/ Sync \/ Crash \/ Terminated

Spec == Init /\ [][Next]_vars

\* A client that does not go on is aborted, one that hears nothing gives up, and what was appended is synced.
Fairness ==
    /\ \A t \in Transactions : WF_vars(StartCommit(t) \/ Abort(t)) /\ WF_vars(GiveUp(t))
    /\ WF_vars(Sync)

FairSpec == Spec /\ Fairness

-----------------------------------------------------------------------------
TypeOK ==
    /\ txnState \in [Transactions -> {"Idle", "Running", "Committing", "Unknown", "Committed", "Aborted"}]
    /\ readSnapshot \in [Transactions -> [Keys -> [value : Values \cup {NoValue}, version : Int]]]
    /\ \A t \in Transactions : \A k \in Keys : readSnapshot[t][k].version >= NotRead
    /\ rangeSnapshot \in [Transactions -> [found : SUBSET RangeKeys, version : Int]]
    /\ writeBuffer \in [Transactions -> [Keys -> Values \cup {NoValue, NoWrite}]]
    /\ attempts \in [Transactions -> Nat]
    /\ requests \in [Transactions -> Nat]
    /\ \A t \in Transactions : requests[t] <= attempts[t]
    /\ replies \in [Transactions -> SUBSET {"ok", "conflict"}]
    /\ kvStore \in [Keys -> [value : Values \cup {NoValue}, version : Nat, writer : Transactions \cup {NoTransaction}]]
    /\ \A i \in DOMAIN commitOrder : commitOrder[i].txn \in Transactions
    /\ synced \in 0..Len(commitOrder)

\* The log is a serial order: done one after the other in it, each transaction reads the values that it did read.
SerializableIsolation ==
    \A i \in DOMAIN commitOrder : \A k \in Keys :
        LET read == commitOrder[i].reads[k]
        IN read.version # NotRead => read.value = RowAt(i - 1, k).value

\* The same of ranges: no key has appeared or gone.
NoPhantoms ==
    \A i \in DOMAIN commitOrder :
        LET range == commitOrder[i].range
        IN range.version # NotRead => range.found = {k \in RangeKeys : RowAt(i - 1, k).value # NoValue}

\* All writes of a transaction are seen, or none.
AtomicCommit == \A k \in Keys : kvStore[k] = RowAt(synced, k)

ReadYourWrites ==
    \A t \in Transactions :
        answer[t].key \in Writes(t) => answer[t].value = writeBuffer[t][answer[t].key]

\* What a client was told is there for good: it is in the part of the log that a crash leaves.
Durability ==
    \A t \in Transactions : txnState[t] = "Committed" => \E i \in 1..synced : commitOrder[i].txn = t

\* And what it was told has failed never takes effect.
AbortedIsNever ==
    \A t \in Transactions : txnState[t] = "Aborted" => \A i \in DOMAIN commitOrder : commitOrder[i].txn # t

\* However often it was sent. What only reads may be taken twice.
AtMostOnceEffect ==
    \A i, j \in DOMAIN commitOrder :
        commitOrder[i].txn = commitOrder[j].txn /\ Writes(commitOrder[i].txn) # {} => i = j

\* Nothing is appended that read a row which has been written since, be it with the same value.
ConflictDetection ==
    [][Len(commitOrder') > Len(commitOrder) =>
          LET record == commitOrder'[Len(commitOrder')]
          IN \A k \in Keys : record.reads[k].version # NotRead => record.reads[k].version = Last(k).version]_vars

\* A read says what is visible at that moment; nothing of the past, and nothing that a crash could take back.
LinearizableReads ==
    [][\A t \in Transactions : \A k \in Keys :
          readSnapshot'[t][k] # readSnapshot[t][k] =>
              /\ readSnapshot'[t][k].value = kvStore[k].value
              /\ readSnapshot'[t][k].version = kvStore[k].version]_vars

\* Nobody waits for ever, be it for "unknown".
EventualTermination ==
    \A t \in Transactions : txnState[t] = "Running" ~> txnState[t] \in {"Committed", "Aborted", "Unknown"}

-----------------------------------------------------------------------------
\* For exploration only: a configuration sets the numbers and names StateConstraint. No guard
\* reads any of this.

MaxAttempts == 1
MaxWritten == 1          \* keys of a transaction
MaxRead == 2             \* keys of a transaction
Ranges == FALSE          \* whether ranges are read

StateConstraint ==
    \A t \in Transactions :
        /\ attempts[t] <= MaxAttempts
        /\ Cardinality(Writes(t)) <= MaxWritten
        /\ Cardinality(Reads(t)) <= MaxRead
        /\ ReadsRange(t) => Ranges
=============================================================================
