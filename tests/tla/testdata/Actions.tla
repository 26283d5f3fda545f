---- MODULE Actions ----
\* Primes, actions and temporal formulas.
EXTENDS Naturals
VARIABLES x, y

vars == <<x, y>>
Init == x = 0 /\ y = 0
Up(n) ==
    /\ x' = x + n
    /\ UNCHANGED y
Down == /\ x > 0
        /\ x' = x - 1
        /\ y' = y
Next == (\E n \in 1..2 : Up(n)) \/ Down
Either ==
    \/ /\ x = 0
       /\ \/ y = 1
          \/ y = 2
    \/ x = 1 /\ y = 1
Twice == Up(1) \cdot Down
CanStep == ENABLED Next
Spec == /\ Init
        /\ [][Next]_vars
        /\ WF_vars(Down)
        /\ SF_<<x, y>>(Up(1))
Live == /\ <>(x = 2)
        /\ [](x >= 0)
        /\ x = 1 ~> x = 2
        /\ []<><<Next>>_vars
        /\ [][Next \/ Down]_(x + y)
        /\ ([]TRUE) -+-> (<>(y = 1))
        /\ ~>(x = 1, y = 2)
Hidden == (\EE h : [](h = x)) /\ (\AA h : <>(h = h))
Steps == <<(x + 1)', [x EXCEPT ![1] = 2]'>>
====
