---- MODULE error_incomparable_states ----
EXTENDS Naturals
VARIABLE x
\* The state {1} and the state "a" are never compared; the set that holds both is.
Init == x \in {{1}}
Next == x' = x \cup {"a"}
====
