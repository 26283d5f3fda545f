---- MODULE assume ----
EXTENDS Naturals
CONSTANT N
VARIABLE x
ASSUME Large == N > 3
Init == x = 0
Next == x' = x
====
