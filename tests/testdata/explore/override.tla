---- MODULE override ----
EXTENDS Naturals
CONSTANT Step(_)
VARIABLE x
Limit == 100
Cost(n) == n
ByTwo(n) == n + 2
Squares(n) == n * n
Init == x = 0
Next == Cost(x) < Limit /\ x' = Step(x)
Small == Cost(x) <= Limit + 100
====
