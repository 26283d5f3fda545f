---- MODULE recursion ----
EXTENDS Naturals, FiniteSets
VARIABLE bag
RECURSIVE Sum(_)
Sum(S) == IF S = {} THEN 0 ELSE LET x == CHOOSE x \in S : TRUE IN x + Sum(S \ {x})
Gcd[a \in 0..20, b \in 0..20] == IF b = 0 THEN a ELSE Gcd[b, a % b]
Init == bag = {}
Next == \E n \in 1..5 : n \notin bag /\ Sum(bag) + n <= 9 /\ bag' = bag \cup {n}
Light == Sum(bag) <= 9
Coprime == Gcd[12, 18] = 6 /\ \A a, b \in bag : Gcd[a, b] <= a
====
