------------------------------- MODULE Ballots ------------------------------
(* Acceptors vote in ballots for values; a set of messages holds all that    *)
(* was ever said. Two values are never chosen.                               *)
EXTENDS Naturals, FiniteSets

CONSTANTS Acceptors, Values, LastBallot

VARIABLES
  messages,  \* set of records
  promised,  \* acceptor -> highest ballot heard of, or -1
  voted      \* acceptor -> [ballot, value], ballot -1: never

vars == <<messages, promised, voted>>

Nobody == [ballot |-> 0 - 1, value |-> CHOOSE v \in Values : TRUE]
Quorums == {q \in SUBSET Acceptors : 2 * Cardinality(q) > Cardinality(Acceptors)}

Init ==
  /\ messages = {}
  /\ promised = [a \in Acceptors |-> 0 - 1]
  /\ voted = [a \in Acceptors |-> Nobody]

Ask(b) ==
  /\ messages' = messages \union {[type |-> "ask", ballot |-> b]}
  /\ UNCHANGED <<promised, voted>>

Promise(a) == \E m \in messages :
  /\ m.type = "ask" /\ m.ballot > promised[a]
  /\ promised' = [promised EXCEPT ![a] = m.ballot]
  /\ messages' = messages \union {[type |-> "promise", from |-> a, ballot |-> m.ballot, last |-> voted[a]]}
  /\ UNCHANGED voted

Propose(b, v) ==
  /\ \A m \in messages : ~(m.type = "propose" /\ m.ballot = b)
  /\ \E q \in Quorums :
       LET answers == {m \in messages : m.type = "promise" /\ m.ballot = b /\ m.from \in q}
           votes == {m.last : m \in {n \in answers : n.last.ballot >= 0}}
       IN  /\ \A a \in q : \E m \in answers : m.from = a
           /\ \/ votes = {}
              \/ \E l \in votes : l.value = v /\ \A o \in votes : o.ballot <= l.ballot
  /\ messages' = messages \union {[type |-> "propose", ballot |-> b, value |-> v]}
  /\ UNCHANGED <<promised, voted>>

Vote(a) == \E m \in messages :
  /\ m.type = "propose" /\ m.ballot >= promised[a]
  /\ promised' = [promised EXCEPT ![a] = m.ballot]
  /\ voted' = [voted EXCEPT ![a] = [ballot |-> m.ballot, value |-> m.value]]
  /\ messages' = messages \union {[type |-> "vote", from |-> a, ballot |-> m.ballot, value |-> m.value]}

Next ==
  \/ \E b \in 0..LastBallot : Ask(b)
  \/ \E b \in 0..LastBallot, v \in Values : Propose(b, v)
  \/ \E a \in Acceptors : Promise(a) \/ Vote(a)

Spec == Init /\ [][Next]_vars

Chosen == {v \in Values : \E b \in 0..LastBallot, q \in Quorums :
             \A a \in q : [type |-> "vote", from |-> a, ballot |-> b, value |-> v] \in messages}
Agreement == Cardinality(Chosen) <= 1
=============================================================================
