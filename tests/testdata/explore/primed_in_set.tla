---- MODULE primed_in_set ----
EXTENDS Naturals
VARIABLES x, f
Init == x \in {0, 2} /\ f \in [{"p", "q"} -> {0, 1}]
Next == /\ x' \in {y \in 0..4 : y # x /\ (y + x) % 2 = 0}
        /\ f' \in {g \in [{"p", "q"} -> 0..1] : \A k \in {"p", "q"} : g[k] >= f[k]}
        /\ x' \notin {4}
Even == x % 2 = 0
====
