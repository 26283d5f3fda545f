---- MODULE primed_expressions ----
EXTENDS Naturals
VARIABLES x, y
Sum == x + y
Init == x = 0 /\ y = 0
Next == /\ x' = (x + 1) % 3
        /\ y' = (y + x') % 4
        /\ Sum' <= 4
        /\ (x = 0 => y' # 3)
Bound == Sum <= 4
====
