---- MODULE model_values ----
EXTENDS FiniteSets
CONSTANTS Keys, Nobody
VARIABLE owner
Init == owner = [k \in Keys |-> Nobody]
Take(k) == owner[k] = Nobody /\ owner' = [owner EXCEPT ![k] = k]
Give(k, j) == owner[k] = k /\ owner' = [owner EXCEPT ![k] = j]
Next == \E k \in Keys : Take(k) \/ \E j \in Keys \cup {Nobody} : Give(k, j)
Type == owner \in [Keys -> Keys \cup {Nobody}]
Distinct == Nobody \notin Keys /\ Nobody # "Nobody" /\ Nobody # 1
====
