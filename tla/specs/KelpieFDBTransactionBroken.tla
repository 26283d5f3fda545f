--------------------- MODULE KelpieFDBTransactionBroken ---------------------
(***************************************************************************)
(* Transactions with one mistake at a time.                                *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieFDBTransactionBroken_X.cfg puts it there.           *)
(* Invariants and properties are those of KelpieFDBTransaction, untouched. *)
(* Where X is one of them, X is violated and all others hold within the    *)
(* bounds of the configuration; where X names a mistake, the README says   *)
(* what it breaks.                                                         *)
(***************************************************************************)
EXTENDS KelpieFDBTransaction

\* For Abort: an end that nobody knows.
AbortAsCancelled(t) == txnState[t] = "Running" /\ Conclude(t, "Cancelled")

\* For NextVersion: a write to a row that was not read leaves its version as it is.
VersionOfReaders(t, k) == IF k \in Reads(t) THEN Len(commitOrder) + 1 ELSE Last(k).version

\* For RowHolds: what is written anyway is not compared. (Two increments become one.)
HoldsUnlessWritten(t, k) == k \in Writes(t) \/ Last(k).version = readSnapshot[t][k].version

\* For RowHolds: all transactions of one sync are compared with the rows before it.
HoldsBeforeBatch(t, k) == kvStore[k].version = readSnapshot[t][k].version

\* For RowHolds: the same value is taken for the same row.
ValueHolds(t, k) == Last(k).value = readSnapshot[t][k].value

\* For RangeHolds: only what was found is looked at again.
FoundIsThere(t) == ReadsRange(t) => rangeSnapshot[t].found \subseteq FoundIn(Last)

\* For Show: of the rows that were written, one at a time gets visible.
ShowOne(k) ==
    LET changed == {c \in Keys : Last(c) # kvStore[c]}
    IN IF changed # {} /\ k = CHOOSE c \in changed : TRUE THEN Last(k) ELSE kvStore[k]

\* For ReadOwn: a read asks the store and not the buffer.
ReadOwnFromStore(t, k) ==
    /\ txnState[t] = "Running"
    /\ k \in Writes(t)
    /\ Say(t, k, kvStore[k].value)
    /\ UNCHANGED <<txnState, readSnapshot, rangeSnapshot, writeBuffer, attempts, requests, replies, storeVars>>

\* For RowToRead: what was appended is read before the sync.
ReadUnsynced(t, k) == Last(k)

\* For RowToRead: a replica answers that has heard of nothing yet.
ReadReplica(t, k) == NoRow

\* For Land: the answer goes out with the append.
LandAndAnswer(t) ==
    /\ requests[t] > 0
    /\ requests' = [requests EXCEPT ![t] = @ - 1]
    /\ IF ComparisonsHold(t)
       THEN commitOrder' = Append(commitOrder, Record(t)) /\ replies' = [replies EXCEPT ![t] = @ \cup {"ok"}]
       ELSE replies' = [replies EXCEPT ![t] = @ \cup {"conflict"}] /\ UNCHANGED commitOrder
    /\ UNCHANGED <<clientVars, kvStore, synced>>

\* For GiveUp: no answer is taken for no effect.
GiveUpAsFailed(t) == txnState[t] = "Committing" /\ Conclude(t, "Aborted")

\* For GiveUp: no answer is taken for success.
GiveUpAsCommitted(t) == txnState[t] = "Committing" /\ Conclude(t, "Committed")

\* For GiveUp: there is no deadline.
WaitForEver(t) == FALSE

\* For ConflictIsFinal: also when it may be a conflict with the first of two requests.
AnyConflictIsFinal(t) == TRUE

\* For SettleAsAborted: a row has moved on, so it must have been somebody else.
SettleByMove(t) ==
    /\ txnState[t] = "Unknown"
    /\ \E k \in Reads(t) : kvStore[k].version # readSnapshot[t][k].version
    /\ Conclude(t, "Aborted")

\* For ComparesWhatItWrites: blind writes, sent again like any other.
MayBeBlind(t) == TRUE
=============================================================================
