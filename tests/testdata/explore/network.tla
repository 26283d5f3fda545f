---- MODULE network ----
EXTENDS Naturals, FiniteSets
VARIABLES wire, got, next
\* Messages that may be lost, repeated or overtaken; the reader keeps the newest.
vars == <<wire, got, next>>
Init == wire = {} /\ got = [id |-> 0, text |-> "none"] /\ next = 1
Send(t) == /\ next <= 3 /\ Cardinality(wire) < 2
           /\ wire' = wire \cup {[id |-> next, text |-> t]}
           /\ next' = next + 1 /\ UNCHANGED got
Read == \E m \in wire : /\ m.id > got.id
                        /\ got' = m
                        /\ wire' \in {wire, wire \ {m}}
                        /\ UNCHANGED next
Lose == \E m \in wire : wire' = wire \ {m} /\ UNCHANGED <<got, next>>
Next == Read \/ Lose \/ \E t \in {"x", "y"} : Send(t)
Sent == got.id < next /\ \A m \in wire : m.id < next
Newer == [][got'.id >= got.id]_vars
Spec == Init /\ [][Next]_vars
====
