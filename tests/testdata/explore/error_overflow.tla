---- MODULE error_overflow ----
EXTENDS Naturals
VARIABLE x
\* TLC's integers have 32 bits.
Init == x = 1
Next == x <= 1000000000 /\ x' = x * 1000
====
