---- MODULE set_operators ----
EXTENDS Naturals, FiniteSets
VARIABLES a, b
U == 1..3
Init == a \in SUBSET U /\ b = U \ a
Swap == a' = b /\ b' = a
Mix == /\ a' = UNION {a, {x \in b : x > 1}}
       /\ b' = {(x % 3) + 1 : x \in b} \cap U
Drop == \E x \in a : a' = a \ {x} /\ b' = b \cup {x}
Next == Swap \/ Mix \/ Drop
Inside == a \cup b \subseteq U
Pairs == Cardinality(a \X b) = Cardinality(a) * Cardinality(b)
Powers == \A S \in SUBSET a : S \in SUBSET U
====
