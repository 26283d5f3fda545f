---------------------------- MODULE Configured ----------------------------
(* What the model files of configurations.tsv are for: prints the values that they give.  *)
EXTENDS Naturals, Sequences, TLC, ConfiguredPart

CONSTANTS A, B, One(_), Two(_, _)

VARIABLE x

Plain == 10
Twice(n) == 2 * n
Thrice(n) == 3 * n
Sum(m, n) == m + n
LOCAL Own == 20
UsesOwn == Own + 1
Few == 0..2
Words == {"a", "b"}
Shadow == Plain + 1

Inner == INSTANCE ConfiguredInner WITH size <- 3
Other == INSTANCE ConfiguredInner WITH size <- 4

Shown == <<A, B, Plain, Shadow, Twice(4), UsesOwn, Part, PartTwice(1), Inner!Limit, Inner!Grown(1), Other!Limit,
           {n \in 0..4 : n \in Nat}, PartNaturals>>
ShownOne == One(1)
ShownTwo == Two(1, 2)

Init == x = 0
Next == x < 2 /\ x' = x + 1
Stay == UNCHANGED x
Spec == Init /\ [][Next]_x
NeverTwo == x # 2
Small == x < 9
Below == x < 1
Up == x' > x
Down == x' < x
OnlyUp == [][x' > x]_x
OnlyDown == [][x' < x]_x
Turned == [x |-> x, twice |-> 2 * x]
Flat == <<>>
Rename == Permutations({A})
Done == TLCGet("distinct") = 3
NotDone == TLCGet("distinct") = 4
===========================================================================
