---- MODULE fail_syntax ----
EXTENDS Naturals
VARIABLES a b
Good == 1
Open == (1 + 2
Missing == 3 +
Two == 1 2
Record == [x |-> 1, y]
If == IF a THEN b
Precedence == a /\ b \/ c
Also == [x \in 1..2 -> 3]
List == /\ a
        /\ (b
      = 1)
Last == 1
====
