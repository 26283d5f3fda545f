---- MODULE action_parameters ----
EXTENDS Naturals
VARIABLES stock, sold
Shops == {"n", "s"}
Move(from, to, k) == /\ from # to
                     /\ stock[from] >= k
                     /\ stock' = [stock EXCEPT ![from] = @ - k, ![to] = @ + k]
                     /\ sold' = sold
Sell(shop) == stock[shop] > 0 /\ stock' = [stock EXCEPT ![shop] = @ - 1] /\ sold' = sold + 1
Init == stock = [s \in Shops |-> 2] /\ sold = 0
Next == \/ \E from, to \in Shops, k \in 1..2 : Move(from, to, k)
        \/ \E s \in Shops : Sell(s)
Conserved == stock["n"] + stock["s"] + sold = 4
====
