------------------------------- MODULE Buckets ------------------------------
(* Jugs are filled, emptied and poured into each other.                      *)
EXTENDS Naturals

CONSTANTS Count, Growth

VARIABLE water

Jugs == 1..Count
Room == [j \in Jugs |-> Growth * j + 3]
Least(a, b) == IF a < b THEN a ELSE b

Init == water \in [Jugs -> {0, 1}]

Fill(j) == water' = [water EXCEPT ![j] = Room[j]]
Empty(j) == water' = [water EXCEPT ![j] = 0]
Sip(j) == water[j] > 1 /\ water' = [water EXCEPT ![j] = @ - 1]
Pour(j, k) ==
  /\ j # k
  /\ LET poured == Least(water[j], Room[k] - water[k])
     IN  water' = [water EXCEPT ![j] = @ - poured, ![k] = @ + poured]

Next == \/ \E j \in Jugs : Fill(j) \/ Empty(j) \/ Sip(j)
        \/ \E j, k \in Jugs : Pour(j, k)
Spec == Init /\ [][Next]_water

NotTooFull == \A j \in Jugs : water[j] <= Room[j]
TypeOK == water \in [Jugs -> 0..(Growth * Count + 3)]
=============================================================================
