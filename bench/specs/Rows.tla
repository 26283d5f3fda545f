--------------------------------- MODULE Rows -------------------------------
(* Transactions over versioned rows: read, then compare and write.           *)
EXTENDS Naturals

CONSTANTS Clients, Keys, LastVersion

VARIABLES
  rows,     \* key -> [value, version, writer]
  buffers,  \* client -> [state, reads]: key -> version read
  log       \* set of commits

vars == <<rows, buffers, log>>
NoReads == [k \in Keys |-> 0 - 0]
Idle == [state |-> "idle", reads |-> NoReads, change |-> CHOOSE k \in Keys : TRUE]

Init ==
  /\ rows = [k \in Keys |-> [value |-> 0, version |-> 1, writer |-> "nobody"]]
  /\ buffers = [c \in Clients |-> Idle]
  /\ log = {}

Open(c) ==
  /\ buffers[c].state = "idle"
  /\ \E k \in Keys : buffers' = [buffers EXCEPT ![c] = [Idle EXCEPT !.state = "open", !.change = k]]
  /\ UNCHANGED <<rows, log>>

Read(c, k) ==
  /\ buffers[c].state = "open"
  /\ buffers[c].reads[k] = 0
  /\ buffers' = [buffers EXCEPT ![c].reads[k] = rows[k].version]
  /\ UNCHANGED <<rows, log>>

Commit(c) ==
  LET b == buffers[c] IN
  /\ b.state = "open"
  /\ \E k \in Keys : b.reads[k] # 0
  /\ \A k \in Keys : b.reads[k] = 0 \/ b.reads[k] = rows[k].version
  /\ rows[b.change].version < LastVersion
  /\ rows' = [rows EXCEPT ![b.change].version = @ + 1, ![b.change].value = (@ + 1) % 3,
                          ![b.change].writer = c]
  /\ log' = log \union {[key |-> b.change, version |-> rows[b.change].version + 1]}
  /\ buffers' = [buffers EXCEPT ![c] = Idle]

Abort(c) ==
  /\ buffers[c].state = "open"
  /\ \E k \in Keys : buffers[c].reads[k] # 0 /\ buffers[c].reads[k] # rows[k].version
  /\ buffers' = [buffers EXCEPT ![c] = Idle]
  /\ UNCHANGED <<rows, log>>

Next == \E c \in Clients : Open(c) \/ Commit(c) \/ Abort(c) \/ \E k \in Keys : Read(c, k)
Spec == Init /\ [][Next]_vars

LogHasNewest == \A k \in Keys : rows[k].version = 1 \/ [key |-> k, version |-> rows[k].version] \in log
ReadsAreOld == \A c \in Clients : \A k \in Keys : buffers[c].reads[k] <= rows[k].version
=============================================================================
