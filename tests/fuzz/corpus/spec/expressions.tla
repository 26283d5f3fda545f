---- MODULE M ----
EXTENDS Integers
a == ({1, 2} \cup {i * 2 : i \in 1..3}) \ {j \in 0..9 : j % 2 = 0}
b == [p |-> 1, q |-> "s"].p
c == LET d(e) == e + 1 IN IF TRUE THEN d(1) ELSE CASE a = {} -> 1 [] OTHER -> 2
g[k \in 0..3] == IF k = 0 THEN 1 ELSE k * g[k - 1]
h == \A u \in {1}, <<v, w>> \in {<<1, 2>>} : u = v => w # 3
RECURSIVE r(_)
r(n) == IF n = 0 THEN 0 ELSE r(n - 1)
s == CHOOSE t \in SUBSET {1} : t = {}
====
