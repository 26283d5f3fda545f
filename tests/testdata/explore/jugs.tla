---- MODULE jugs ----
EXTENDS Naturals
VARIABLES big, small
\* Measure four with a jug of five and a jug of three.
Less(a, b) == IF a < b THEN a ELSE b
Init == big = 0 /\ small = 0
Fill == (big' = 5 /\ small' = small) \/ (small' = 3 /\ big' = big)
Empty == (big' = 0 /\ small' = small) \/ (small' = 0 /\ big' = big)
Pour == \/ LET d == Less(big, 3 - small) IN big' = big - d /\ small' = small + d
        \/ LET d == Less(small, 5 - big) IN big' = big + d /\ small' = small - d
Next == Fill \/ Empty \/ Pour
NotFour == big # 4
====
