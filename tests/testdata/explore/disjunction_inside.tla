---- MODULE disjunction_inside ----
EXTENDS Naturals
VARIABLES x, y
\* Two true branches give one successor twice: generated twice, found once.
Init == x = 0 /\ y = 0
Next == /\ x < 3 \/ y < 3
        /\ \/ x' = (x + 1) % 4
           \/ x' = x
        /\ (y' = x \/ (y' = y /\ x' # 9))
====
