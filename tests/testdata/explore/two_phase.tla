---- MODULE two_phase ----
EXTENDS Naturals, FiniteSets
CONSTANT Parts
VARIABLES state, told, outcome
vars == <<state, told, outcome>>
Init == /\ state = [p \in Parts |-> "working"]
        /\ told = {}
        /\ outcome = "none"
Vote(p) == /\ state[p] = "working"
           /\ state' = [state EXCEPT ![p] = "ready"]
           /\ told' = told \cup {p}
           /\ UNCHANGED outcome
GiveUp(p) == /\ state[p] = "working"
             /\ state' = [state EXCEPT ![p] = "aborted"]
             /\ UNCHANGED <<told, outcome>>
Decide == /\ outcome = "none"
          /\ outcome' \in {"abort"} \cup (IF told = Parts THEN {"commit"} ELSE {})
          /\ UNCHANGED <<state, told>>
Follow(p) == /\ outcome # "none"
             /\ state[p] = "ready"
             /\ state' = [state EXCEPT ![p] = IF outcome = "commit" THEN "committed" ELSE "aborted"]
             /\ UNCHANGED <<told, outcome>>
Next == Decide \/ \E p \in Parts : Vote(p) \/ GiveUp(p) \/ Follow(p)
Agree == \A p, q \in Parts : ~(state[p] = "committed" /\ state[q] = "aborted")
Counted == Cardinality(told) <= Cardinality(Parts)
Stable == [][outcome # "none" => outcome' = outcome]_vars
Spec == Init /\ [][Next]_vars
====
