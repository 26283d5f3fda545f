---- MODULE bad_config ----
EXTENDS Naturals
CONSTANT N
VARIABLE x
Init == x = 0
Next == x' = N
====
