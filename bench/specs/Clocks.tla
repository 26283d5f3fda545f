------------------------------- MODULE Clocks -------------------------------
(* Count clocks that tick on their own, each modulo Size: Size^Count states. *)
EXTENDS Naturals

CONSTANTS Count, Size

VARIABLE clocks

Init == clocks = [i \in 1..Count |-> 0]

Tick(i) == clocks' = [clocks EXCEPT ![i] = (@ + 1) % Size]

Next == \E i \in 1..Count : Tick(i)

Spec == Init /\ [][Next]_clocks

TypeOK == clocks \in [1..Count -> 0..(Size - 1)]
=============================================================================
