------------------------------- MODULE Names -------------------------------
(* What becomes of parameters, LET and constants.                          *)
EXTENDS Naturals
CONSTANTS Limit, Name
VARIABLES x, y

Twice(n) == n + n
Both(a, b) == LET sum == a + b IN sum * sum
Small == 0..Limit

Init == x = 0 /\ y = Twice(Limit)
Plain == x' = Twice(x) /\ UNCHANGED y
Remembered == x' = Both(x * x, y) /\ y' \in Small
Shown == \E n \in Small : x' = Twice(n + y) /\ y' = IF n = 0 THEN Twice(n) ELSE y
Next == Plain \/ Remembered \/ Shown
TypeOK == x \in Nat /\ y \in Small \cup {Twice(Limit)}
============================================================================
