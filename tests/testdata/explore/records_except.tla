---- MODULE records_except ----
EXTENDS Naturals
VARIABLE account
Init == account = [owner |-> "ann", limits |-> [day |-> 2, week |-> 4], log |-> <<0, 0>>]
Spend == /\ account.limits.day > 0
         /\ account.limits.week > 0
         /\ account' = [account EXCEPT !.limits.day = @ - 1, !.limits.week = @ - 1, !.log[1] = @ + 1]
Day == /\ account.limits.day < 2
       /\ account' = [account EXCEPT !.limits.day = 2, !.log[2] = (@ + 1) % 3]
Sell == account' = [account EXCEPT !["owner"] = IF @ = "ann" THEN "bob" ELSE "ann"]
Next == Spend \/ Day \/ Sell
Spent == account.log[1] + account.limits.week = 4
Shape == account \in [owner : {"ann", "bob"}, limits : [day : 0..2, week : 0..4], log : [1..2 -> Nat]]
====
