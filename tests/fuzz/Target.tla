------------------------------- MODULE Target -------------------------------
(* What the model files of the cfg harness are bound to.                    *)
EXTENDS Integers, FiniteSets

CONSTANTS Node, Limit, Choose(_)

VARIABLES x, y

Small == {1, 2}
Other(n) == n
Init == x = 0 /\ y \in Node
Next == x' = x + 1 /\ y' = y
Spec == Init /\ [][Next]_<<x, y>>
TypeOK == x \in 0..Limit
Bounded == x < Limit
Grows == [][x' > x]_x
View == x
=============================================================================
