---- MODULE M ----
x == ∀ n ∈ {1} : n ≠ 2
====
