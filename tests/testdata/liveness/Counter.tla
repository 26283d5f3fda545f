------------------------------ MODULE Counter -------------------------------
(* Counts round a circle, and may be reset; without deadlock, and with it. *)
EXTENDS Naturals

N == 4

VARIABLES x, resets

vars == <<x, resets>>
Init == x = 0 /\ resets = 0
Step == x < N /\ x' = x + 1 /\ UNCHANGED resets
Reset == resets < 2 /\ x > 0 /\ x' = 0 /\ resets' = resets + 1
Round == x = N /\ x' = 0 /\ UNCHANGED resets
Next == Step \/ Reset
Circle == Step \/ Round

Free == Init /\ [][Next]_vars
WeakStep == Free /\ WF_vars(Step)
WeakNext == Free /\ WF_vars(Next)
WeakX == Free /\ WF_x(Step)
StrongReset == WeakStep /\ SF_vars(Reset)
FreeCircle == Init /\ [][Circle]_vars
FairCircle == FreeCircle /\ WF_vars(Circle)
FairStepCircle == FreeCircle /\ WF_vars(Step)
NoFairnessButFormula == FreeCircle /\ []<>(x = 2)

Ends == <>(x = N)
EndsForGood == <>[](x = N)
ResetTwice == <>(resets = 2)
Comes(i) == <>(x = i)
AllCome == \A i \in 0..N : Comes(i)
Again == \A i \in 0..N : []<>(x = i)
TwoThenThree == x = 2 ~> x = 3
ThreeThenTwo == x = 3 ~> x = 2
SmallForever == <>[](x < N)
ResetsStop == <>[][~Reset]_vars
UntilLike == [](x = 1 => <>(x = 2 /\ <>(x = 3)))
EndOrReset == <>(x = N) \/ <>(resets > 0)
CaseLike == CASE N = 4 -> <>(x = 4) [] OTHER -> <>(x = 9)
Equivalent == []<>(x = 2) <=> []<>(x = 3)
Negated == ~[]~(x = N)
=============================================================================
