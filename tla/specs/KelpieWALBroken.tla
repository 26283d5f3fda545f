-------------------------- MODULE KelpieWALBroken --------------------------
(***************************************************************************)
(* The log of accepted operations with one mistake at a time.              *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieWALBroken_X.cfg puts it there.  Invariants and      *)
(* properties are those of KelpieWAL, untouched.  Where X is one of them,  *)
(* X is violated and all others hold within the bounds of the              *)
(* configuration; where X names a mistake, the README says what it breaks. *)
(***************************************************************************)
EXTENDS KelpieWAL

\* For SayAccepted: the answer is a word that no client knows.
SayOk(c, key, data) ==
    /\ Serving
    /\ Op(c, key, data) \in Records(FirstRecords(synced))
    /\ Tell(Op(c, key, data), "ok")
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, storeVars>>

\* For SayAccepted: before the sync. (Ack before fsync.)
SayAcceptedAtOnce(c, key, data) ==
    /\ Serving
    /\ Op(c, key, data) \in keyIndex
    /\ Tell(Op(c, key, data), "accepted")
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, storeVars>>

\* For SayAccepted: a known key is answered whatever comes with it. (No payload comparison.)
SayAcceptedToKey(c, key, data) ==
    /\ Serving
    /\ \E op \in Records(FirstRecords(synced)) : SameKey(op, Op(c, key, data))
    /\ Tell(Op(c, key, data), "accepted")
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, storeVars>>

\* For RefuseMismatch: the log's word is taken for the owner's.
RefuseForGood(c, key, data) ==
    /\ Serving
    /\ LET op == Op(c, key, data)
       IN /\ \E known \in keyIndex : SameKey(known, op) /\ known.data # data
          /\ Tell(op, "mismatch")
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, storeVars>>

\* For KnownKey: the index is filled by the sync, so that a group may hold a key twice. (Check and
\* append are not atomic.)
KnownKeyIfSynced(op) == \E known \in Records(FirstRecords(synced)) : SameKey(known, op)

\* For KnownKey: keys of different clients are mixed up.
KnownKeyOfAnybody(op) == \E known \in keyIndex : known.idempotencyKey = op.idempotencyKey

\* For SayAccepted, with KnownKeyOfAnybody.
SayAcceptedToAnybody(c, key, data) ==
    /\ Serving
    /\ \E op \in Records(FirstRecords(synced)) : op.idempotencyKey = key /\ op.data = data
    /\ Tell(Op(c, key, data), "accepted")
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, storeVars>>

\* For SyncFails: the failure is noted for the kernel's pages only, and the next sync is believed.
\* (Retry after a failed fsync.)
SyncFailsUnnoticed ==
    /\ Serving
    /\ ~poisoned
    /\ synced < Len(wal)
    /\ stale' = TRUE
    /\ UNCHANGED <<wal, tornAt, durable, crashed, recovering, memoryVars, messageVars, storeVars, replies>>

\* For AppendToWal: a poisoned segment still takes records.
AppendToPoisoned(c, key, data) ==
    /\ Serving
    /\ LET op == Op(c, key, data)
       IN /\ ~KnownKey(op)
          /\ wal' = Append(wal, op)
          /\ keyIndex' = keyIndex \cup {op}
    /\ UNCHANGED <<tornAt, durable, stale, crashed, recovering, scanned, synced, poisoned, completed,
                   messageVars, storeVars, replies>>

\* For RewriteTail: a scan shows what is on the disk.
TrustWhatWasRead ==
    /\ recovering
    /\ scanned
    /\ synced < Len(wal)
    /\ synced' = Len(wal)
    /\ UNCHANGED <<fileVars, crashed, recovering, scanned, keyIndex, poisoned, completed, messageVars, storeVars, replies>>

\* For RewriteTail: a sync of the old segment keeps what was read.
SyncInPlace ==
    /\ recovering
    /\ scanned
    /\ synced < Len(wal)
    /\ synced' = Len(wal)
    /\ durable' = IF stale THEN durable ELSE Len(wal)
    /\ UNCHANGED <<wal, tornAt, stale, crashed, recovering, scanned, keyIndex, poisoned, completed, messageVars, storeVars, replies>>

\* For ScanLog: no checksum, so that half a record is an operation too.
ScanWithoutChecksum ==
    /\ recovering
    /\ ~scanned
    /\ scanned' = TRUE
    /\ keyIndex' = Records(wal)
    /\ UNCHANGED <<fileVars, crashed, recovering, synced, poisoned, completed, messageVars, storeVars, replies>>

\* For ScanLog: the log is found, its keys are not read. (Serves before the index is rebuilt.)
ScanWithoutIndex ==
    /\ recovering
    /\ ~scanned
    /\ scanned' = TRUE
    /\ wal' = WholeRecords
    /\ tornAt' = 0
    /\ UNCHANGED <<durable, stale, crashed, recovering, keyIndex, synced, poisoned, completed, messageVars, storeVars, replies>>

\* For AppendToWal: a process that has scanned the log takes operations before recovery is complete.
AppendWhileRecovering(c, key, data) ==
    /\ ~crashed
    /\ scanned
    /\ ~poisoned
    /\ LET op == Op(c, key, data)
       IN /\ ~KnownKey(op)
          /\ wal' = Append(wal, op)
          /\ keyIndex' = keyIndex \cup {op}
    /\ UNCHANGED <<tornAt, durable, stale, crashed, recovering, scanned, synced, poisoned, completed,
                   messageVars, storeVars, replies>>

\* For SubmitOperation: before the sync.
SubmitAtOnce(op) ==
    /\ Serving
    /\ op \in keyIndex
    /\ op \notin completed
    /\ submissions' = submissions \cup {op}
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, storeVars, replies, answers>>

\* For Cleanup: a checkpoint drops what was submitted, answered or not.
CleanupSubmitted ==
    /\ Serving
    /\ ~poisoned
    /\ synced > 0
    /\ Head(wal) \in submissions
    /\ wal' = Tail(wal)
    /\ synced' = synced - 1
    /\ durable' = IF durable > 0 THEN durable - 1 ELSE 0
    /\ keyIndex' = keyIndex \ {Head(wal)}
    /\ completed' = completed \ {Head(wal)}
    /\ UNCHANGED <<tornAt, stale, crashed, recovering, scanned, poisoned, messageVars, storeVars, replies>>

\* For ExecuteOperation: each delivery is an operation of its own. (Replay applies again.)
ExecuteEachDelivery(op) ==
    /\ op \in submissions
    /\ effects' = Append(effects, op)
    /\ storage' = [storage EXCEPT ![op.client] = Keep(@, op)]
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, messageVars, replies>>

\* For Keep: keys leave the window and no low-water mark stays behind.
KeepWithoutLowWater(row, op) ==
    LET all == row.window \cup {op}
        oldest == CHOOSE one \in all : \A other \in all : one.idempotencyKey <= other.idempotencyKey
    IN IF Cardinality(all) <= WindowSize
       THEN [row EXCEPT !.window = all]
       ELSE [row EXCEPT !.window = all \ {oldest}]

\* For Keep: no key is ever forgotten.
KeepAll(row, op) == [row EXCEPT !.window = @ \cup {op}]

\* For Verdict: the owner knows the key, so the operation is committed.
VerdictByKey(op) == IF Expired(op) THEN "expired" ELSE "committed"

\* For Verdict: an expired key must have been executed.
VerdictOfExpired(op) == IF Expired(op) \/ op \in Window(op) THEN "committed" ELSE "mismatch"

\* For StartRecovery: nobody starts the process again.
StaysDown == FALSE

\* For ScanLog: a torn record is an error that somebody has to look at.
ScanWholeLog ==
    /\ recovering
    /\ ~scanned
    /\ tornAt = 0
    /\ scanned' = TRUE
    /\ keyIndex' = Records(wal)
    /\ UNCHANGED <<fileVars, crashed, recovering, synced, poisoned, completed, messageVars, storeVars, replies>>

\* For SubmitOperation: what was answered is done with.
SubmitBeforeAnswer(op) ==
    /\ Serving
    /\ op \in Records(FirstRecords(synced))
    /\ op \notin completed
    /\ ~Accepted(op)
    /\ submissions' = submissions \cup {op}
    /\ UNCHANGED <<fileVars, crashed, recovering, memoryVars, storeVars, replies, answers>>
=============================================================================
