---- MODULE operator_memory ----
EXTENDS Naturals, Sequences
\* The same operator asked about one state with arguments of several forms: a name, a variable, an element of a
\* function, a sum. What one application was given must not be taken for what the next one is given.
VARIABLES log, at, seen
Read(p, i) == IF i \in DOMAIN log[p] THEN log[p][i] ELSE "nothing"
Init == log = [p \in 1..2 |-> <<"a", "nothing", "nothing">>] /\ at = [p \in 1..2 |-> 1] /\ seen = 1
Take(p) == LET item == Read(p, at[p])
           IN item # "nothing" /\ at' = [at EXCEPT ![p] = @ + 1] /\ UNCHANGED <<log, seen>>
Look == (\E p \in 1..2 : Read(p, seen) # "nothing") /\ seen' = seen + 1 /\ UNCHANGED <<log, at>>
Put(p) == /\ at[p] <= 3
          /\ Read(p, seen + 1) = "nothing" /\ Read(p, at[p]) = "nothing"
          /\ log' = [log EXCEPT ![p][at[p]] = "b"]
          /\ UNCHANGED <<at, seen>>
Next == Look \/ \E p \in 1..2 : Take(p) \/ Put(p)
Filled == \A p \in 1..2 : \A i \in 1..3 : i < at[p] => Read(p, i) # "nothing"
====
