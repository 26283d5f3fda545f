---- MODULE M ----
---- MODULE Inner ----
CONSTANT c
VARIABLE v
Set == v' = c
====
VARIABLE w
I(z) == INSTANCE Inner WITH c <- z, v <- w
A == I(1)!Set
Apply(f(_), v) == f(v)
L == Apply(LAMBDA p : p, 1)
ASSUME 1 = 1
THEOREM TRUE
====
