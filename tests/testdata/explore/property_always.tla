---- MODULE property_always ----
EXTENDS Naturals
\* [] of a state predicate is judged in every state, wherever it stands in a PROPERTY.
VARIABLES n, last
vars == <<n, last>>
Init == n = 0 /\ last = 0
Next == n < 6 /\ n' = n + 1 /\ last' = n
Spec == Init /\ [][Next]_vars
Typed == [](n \in 0..6 /\ [of |-> last] \in [of : UNION {Nat}])
Behind == [](n = 0 \/ last < n)
Both == Typed /\ Behind /\ [][n' = n + 1]_vars
Small == n = 0 /\ [] \A k \in {4} : n < k
====
