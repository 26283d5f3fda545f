---- MODULE shared_base ----
EXTENDS Naturals
Bound == 3
Bump(n) == (n + 1) % (Bound + 1)
LOCAL Hidden == 7
====
