------------------------------ MODULE step_forms ------------------------------
(* Every form a conjunct of a step can have.                                 *)
EXTENDS Naturals, Sequences, FiniteSets

VARIABLES x, y, z
vars == <<x, y, z>>
sum == x + y

Init ==
  /\ x \in 0..1
  /\ y = 1 - x
  /\ z \subseteq {1, 2}

Move(n) == x + n <= 3 /\ x' = x + n
Shrink == z' \subseteq z /\ z' # z /\ UNCHANGED <<x, y>>
Swap == x' \in 0..3 /\ y' \in 0..3 /\ UNCHANGED sum /\ UNCHANGED z
Boxed == [Move(1)]_x /\ UNCHANGED <<y, z>>
Angled == <<Move(2)>>_x /\ UNCHANGED <<y, z>>
Guarded == ENABLED Move(3) /\ (\A n \in z : n \in {1, 2}) /\ y' = 0 /\ UNCHANGED <<x, z>>
Chosen == CASE x = 0 -> Move(1) /\ UNCHANGED <<y, z>> [] OTHER -> FALSE /\ UNCHANGED vars
Each == /\ \A n \in {1, 2} : \E m \in 1..2 : m >= n /\ x + m <= 3
        /\ \A v \in {3} : y' = v \/ y' = v - 1
        /\ UNCHANGED <<x, z>>

Next == Shrink \/ Swap \/ Boxed \/ Angled \/ Guarded \/ Chosen \/ Each

Spec == Init /\ [][Next]_vars

Bounded == x <= 3 /\ y <= 3 /\ z \in SUBSET {1, 2} /\ IsFiniteSet(z)
CanMove == ENABLED Move(1) => x <= 2
===============================================================================
