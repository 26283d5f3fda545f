---- MODULE fail_names ----
EXTENDS Naturals
CONSTANT Limit
VARIABLE counter
Limit == 3
A == conter + 1
B == Len(<<1>>)
C(x) == x
D == C + C(1, 2)
E == Later
Later == @
F == \A counter \in 1..2 : TRUE
G == [a |-> 1, a |-> 2]
RECURSIVE H(_)
I == LAMBDA x : x
J == C(LAMBDA x : x)
K == counter(1) + 1.5
====
