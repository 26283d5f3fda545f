---- MODULE queue ----
EXTENDS Naturals, Sequences
CONSTANTS Size, Items
VARIABLES queue, got
vars == <<queue, got>>
Init == queue = <<>> /\ got = <<>>
Put(i) == /\ Len(queue) < Size
          /\ queue' = Append(queue, i)
          /\ UNCHANGED got
Get == /\ queue # <<>>
       /\ got' = <<Head(queue)>> \o (IF got = <<>> THEN got ELSE SubSeq(got, 1, 1))
       /\ queue' = Tail(queue)
Next == Get \/ \E i \in Items : Put(i)
Bounded == Len(queue) <= Size /\ Len(got) <= 2
OfItems == queue \in Seq(Items)
NoLowOverHigh == \A i \in 1..Len(queue) - 1 : queue[i] \in Items
Spec == Init /\ [][Next]_vars
====
