---- MODULE deadlock ----
EXTENDS Naturals
VARIABLES left, right
Init == left = "free" /\ right = "free"
Take(p, q) == /\ left = "free" /\ left' = p /\ UNCHANGED right
TakeRight(p) == right = "free" /\ right' = p /\ UNCHANGED left
Both(p) == left = p /\ right = p
Next == \/ Take("a", "b") \/ TakeRight("b")
        \/ left = "a" /\ TakeRight("a")
        \/ right = "b" /\ left = "free" /\ left' = "b" /\ UNCHANGED right
        \/ \E p \in {"a", "b"} : Both(p) /\ left' = "free" /\ right' = "free"
====
