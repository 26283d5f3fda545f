---- MODULE bad_syntax ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = (x + 1
Inv == TRUE
====
