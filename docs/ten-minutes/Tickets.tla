------------------------------ MODULE Tickets ------------------------------
(* A box office: seats are reserved, then paid for or given back.          *)
EXTENDS Naturals

CONSTANTS Seats, Buyers

VARIABLES
  free,   \* seats that nobody has
  held,   \* by buyer: seats reserved and not paid for
  sold    \* seats paid for

vars == <<free, held, sold>>

Init == free = Seats /\ held = [b \in Buyers |-> 0] /\ sold = 0

Reserve(b, n) ==
  /\ n <= free
  /\ free' = free - n
  /\ held' = [held EXCEPT ![b] = @ + n]
  /\ UNCHANGED sold

Pay(b, n) ==
  /\ n <= held[b]
  /\ sold' = sold + n
  /\ held' = [held EXCEPT ![b] = @ - n]
  /\ UNCHANGED free

GiveBack(b) ==
  /\ held[b] > 0
  /\ free' = free + held[b]
  /\ held' = [held EXCEPT ![b] = 0]
  /\ UNCHANGED sold

Next == \E b \in Buyers :
  \/ GiveBack(b)
  \/ \E n \in 1..Seats : Reserve(b, n) \/ Pay(b, n)

Spec == Init /\ [][Next]_vars

NeverOversold == sold + free <= Seats
=============================================================================
