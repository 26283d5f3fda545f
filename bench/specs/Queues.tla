-------------------------------- MODULE Queues ------------------------------
(* Nodes in a ring hand numbered letters on through bounded channels, and    *)
(* each remembers the latest ones that it saw.                               *)
EXTENDS Naturals, Sequences

CONSTANTS Count, Room, Kept, Last

VARIABLES
  channels,  \* node -> letters on their way to it
  seen,      \* node -> the latest letters, newest last
  sent       \* how many letters were made

vars == <<channels, seen, sent>>
Nodes == 0..(Count - 1)
After(n) == (n + 1) % Count

Init ==
  /\ channels = [n \in Nodes |-> <<>>]
  /\ seen = [n \in Nodes |-> <<>>]
  /\ sent = 0

Remember(log, letter) ==
  LET longer == Append(log, letter)
  IN  IF Len(longer) > Kept THEN Tail(longer) ELSE longer

Make(n) ==
  /\ sent < Last
  /\ Len(channels[After(n)]) < Room
  /\ sent' = sent + 1
  /\ channels' = [channels EXCEPT ![After(n)] = Append(@, <<n, sent + 1>>)]
  /\ UNCHANGED seen

Take(n) ==
  /\ channels[n] # <<>>
  /\ LET letter == Head(channels[n])
         rest == [channels EXCEPT ![n] = Tail(@)]
     IN  /\ seen' = [seen EXCEPT ![n] = Remember(@, letter[2])]
         /\ IF letter[1] = n THEN channels' = rest
            ELSE /\ Len(rest[After(n)]) < Room
                 /\ channels' = [rest EXCEPT ![After(n)] = Append(@, letter)]
  /\ UNCHANGED sent

Next == \E n \in Nodes : Make(n) \/ Take(n)
Spec == Init /\ [][Next]_vars

Bounded == \A n \in Nodes : Len(channels[n]) <= Room /\ Len(seen[n]) <= Kept
NoneTwice == \A n \in Nodes : \A i, j \in 1..Len(channels[n]) :
  i # j => channels[n][i][2] # channels[n][j][2]
=============================================================================
