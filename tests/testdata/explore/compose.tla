---- MODULE compose ----
EXTENDS Integers

VARIABLES x, y

Init == x = 0 /\ y = 0

Add(k) == x' = x + k /\ UNCHANGED y
Copy == y' = x /\ UNCHANGED x
Wrap == x' = x % 5 /\ UNCHANGED y
Both(d) == (Add(d) \/ Add(d + 1)) \cdot (Wrap \cdot Copy)

\* What is remembered of the state before is found anew in the state between.
Twice(k) == LET n == x + k IN x < 3 /\ n < 9 /\ ((x' = n /\ y' = n) \cdot (x' = n % 5 /\ UNCHANGED y)) /\ n < 7
Guarded(n) == n < 4 /\ n >= 0 /\ (Add(1) \cdot (y' = n /\ n > 0 /\ UNCHANGED x))

Next == \/ \E d \in 1..2 : Both(d)
        \/ Twice(1)
        \/ Guarded(x)
        \/ x = 4 /\ ((\E z \in {0, 1} : x' = z /\ y' = z) \cdot (x = 0 /\ UNCHANGED <<x, y>>))

Small == x \in 0..5 /\ y \in 0..5
Never == ~(x = 3 /\ y = 3)
Can == ENABLED (Add(1) \cdot (x > 4 /\ Wrap)) <=> x >= 4
Steps == [][x' >= x \/ x = 4 \/ Both(1) \/ Both(2) \/ (Add(1) \cdot Wrap)]_<<x, y>>
Missing == (x' = 1) \cdot (UNCHANGED <<x, y>>)
NextMissing == Missing
====
