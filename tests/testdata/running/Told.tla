---- MODULE Told ----
\* Prints what TLCGet tells, wherever an exploration evaluates something.
EXTENDS Integers, TLC

VARIABLES x, y

Show(where) == PrintT(<<where, TLCGet("level"), TLCGet("diameter"), TLCGet("distinct"), TLCGet("generated"),
                        TLCGet("queue")>>)

Counts ==
  LET s == TLCGet("stats")
  IN /\ PrintT(<<"stats", s.diameter, s.distinct, s.generated, s.initial, s.queue, s.worker, s.duration >= 0>>)
     /\ PrintT(DOMAIN s = {"diameter", "distinct", "duration", "generated", "initial", "queue", "worker"})

Init == Show("init") /\ x \in {0, 5} /\ y = 0
Up == Show("up") /\ x < 3 /\ x' = x + 1 /\ y' = y /\ Show("up done")
Flip == x \in {1, 2} /\ y' = 1 - y /\ UNCHANGED x
Next == Up \/ Flip \/ (x = 2 /\ x' \in {1, 3} /\ y' = 0)

Within == PrintT(<<x, y>>) /\ Show("constraint") /\ ~(x = 3 /\ y = 1)
Allowed == PrintT(<<x, y, x', y'>>) /\ Show("action constraint")
Holds == PrintT(<<x, y>>) /\ Show("invariant")
Moves == PrintT(<<x, y, x', y'>>) /\ Show("property")
Property == [][Moves]_<<x, y>>
Seen == IF Show("view") THEN <<x, y>> ELSE <<>>
Primed == PrintT(<<"levels", TLCGet("level"), TLCGet("level")'>>)
After == Show("postcondition") /\ Counts /\ PrintT(TLCGet("config").mode)
ASSUME Show("assumption") /\ Counts
====
