---- MODULE action_property ----
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Step == x' = (x + 1) % 4 /\ y' = IF x = 3 THEN (y + 1) % 3 ELSE y
Next == Step
Spec == Init /\ [][Next]_vars
YSlow == [][y' # y => x = 3]_vars
XRises == [][x' > x]_vars
XRisesOrWraps == [][x' > x \/ y' # y]_vars
Together == [][x' = 0]_y
====
