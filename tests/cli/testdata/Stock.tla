------------------------------- MODULE Stock -------------------------------
EXTENDS Integers, Sequences

CONSTANT Items

VARIABLES stock, log, sold

Init == /\ stock \in [Items -> 2..3]
        /\ log = <<>>
        /\ sold = {}

Sell(i, q) == /\ q > 0
              /\ stock[i] >= q
              /\ stock' = [stock EXCEPT ![i] = @ - q]
              /\ log' = Append(log, [item |-> i, count |-> q])
              /\ sold' = sold \cup {i}

Return(i) == /\ i \in sold
             /\ \E q \in 1..3 : stock' = [stock EXCEPT ![i] = @ + q]
             /\ sold' = sold \ {i}
             /\ UNCHANGED log

Empty == \A i \in Items : stock[i] = 0

Restock(amount) == /\ Empty
                   /\ stock' = [i \in Items |-> amount]
                   /\ UNCHANGED <<log, sold>>

Next == \/ \E i \in Items : (\E q \in 1..3 : Sell(i, q)) \/ Return(i)
        \/ \E amount \in 1..3 : Restock(amount)

Spec == Init /\ [][Next]_<<stock, log, sold>>

NotTooMuch == \A i \in Items : stock[i] <= 4
SoldIsLogged == sold # {} => log # <<>>
LogGrows == [][Len(log') >= Len(log)]_log
=============================================================================
