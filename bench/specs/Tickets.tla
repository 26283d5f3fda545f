------------------------------- MODULE Tickets ------------------------------
(* Processes draw tickets and the smallest enters: a bakery with bounded     *)
(* numbers.                                                                  *)
EXTENDS Naturals

CONSTANTS Count, Highest

VARIABLES pc, ticket, choosing, looked

vars == <<pc, ticket, choosing, looked>>
Processes == 1..Count

Init ==
  /\ pc = [p \in Processes |-> "idle"]
  /\ ticket = [p \in Processes |-> 0]
  /\ choosing = [p \in Processes |-> FALSE]
  /\ looked = [p \in Processes |-> {}]

IsBefore(p, q) == ticket[p] < ticket[q] \/ (ticket[p] = ticket[q] /\ p < q)

Begin(p) ==
  /\ pc[p] = "idle"
  /\ pc' = [pc EXCEPT ![p] = "choose"]
  /\ choosing' = [choosing EXCEPT ![p] = TRUE]
  /\ UNCHANGED <<ticket, looked>>

Choose(p) ==
  /\ pc[p] = "choose"
  /\ \E n \in 1..Highest :
       /\ \A q \in Processes : ticket[q] < n
       /\ ticket' = [ticket EXCEPT ![p] = n]
  /\ choosing' = [choosing EXCEPT ![p] = FALSE]
  /\ looked' = [looked EXCEPT ![p] = {p}]
  /\ pc' = [pc EXCEPT ![p] = "wait"]

Look(p, q) ==
  /\ pc[p] = "wait"
  /\ q \notin looked[p]
  /\ ~choosing[q]
  /\ ticket[q] = 0 \/ IsBefore(p, q)
  /\ looked' = [looked EXCEPT ![p] = @ \union {q}]
  /\ UNCHANGED <<pc, ticket, choosing>>

Enter(p) ==
  /\ pc[p] = "wait"
  /\ looked[p] = Processes
  /\ pc' = [pc EXCEPT ![p] = "inside"]
  /\ UNCHANGED <<ticket, choosing, looked>>

Leave(p) ==
  /\ pc[p] = "inside"
  /\ pc' = [pc EXCEPT ![p] = "idle"]
  /\ ticket' = [ticket EXCEPT ![p] = 0]
  /\ looked' = [looked EXCEPT ![p] = {}]
  /\ UNCHANGED choosing

Next == \E p \in Processes :
  \/ Begin(p) \/ Choose(p) \/ Enter(p) \/ Leave(p)
  \/ \E q \in Processes : Look(p, q)

Spec == Init /\ [][Next]_vars

OneInside == \A p, q \in Processes : (pc[p] = "inside" /\ pc[q] = "inside") => p = q
TypeOK ==
  /\ pc \in [Processes -> {"idle", "choose", "wait", "inside"}]
  /\ ticket \in [Processes -> 0..Highest]
  /\ choosing \in [Processes -> BOOLEAN]
  /\ looked \in [Processes -> SUBSET Processes]
=============================================================================
