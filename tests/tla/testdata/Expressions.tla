---- MODULE Expressions ----
\* One of every kind of constant and state expression.
EXTENDS Integers
CONSTANTS Limit, Colours, Pick(_, _)
VARIABLES level, log

Booleans == {TRUE, FALSE}
Numbers == <<0, 42, \b1010, \o17, \hff, 18446744073709551616>>
Decimals == <<1.5, 0.25, 000.1>>
Strings == {"", "plain", "quote \" backslash \\ tab \t end"}
Constants == Pick(Limit, Colours)

Halve(n) == n \div 2
Twice(F(_), n) == F(F(n))
Quarter == Twice(Halve, 40) + Twice(LAMBDA k : k - 1, 9)
Fold(F(_, _), a, b) == F(a, b)
Folded == Fold(+, 1, 2) + Fold(Pick, 1, 2)
Prefixed == <<+(1, 2) * 3, \in(1, {1}), -.(level)>>

Conditional == IF level > 3 THEN "high" ELSE IF level = 0 THEN "none" ELSE "low"
Cases == CASE level = 0 -> "none" [] level \in 1..3 -> "low" [] OTHER -> "high"
NestedCase == CASE level = 0 -> (CASE log = <<>> -> 1 [] OTHER -> 2) [] OTHER -> CASE TRUE -> 3
OuterCase == CASE level = 0 -> CASE log = <<>> -> 1 [] OTHER -> 2 [] level = 1 -> 3
Local == LET double == 2 * level
             Add(k) == k + double
             f[k \in 0..3] == IF k = 0 THEN 0 ELSE k + f[k - 1]
         IN Add(f[2])

Quantified == /\ \A c \in Colours : c # "none"
              /\ \E i, j \in 1..3, <<p, q>> \in {<<1, 2>>} : i + j = p + q
              /\ \A c : \E d : c = d
Chosen == <<CHOOSE n \in Nat : n > Limit, CHOOSE n : n \notin Nat, CHOOSE <<a, b>> \in {<<1, 2>>} : a < b,
            CHOOSE <<a, b>> : a = b>>

Sets == <<{}, {1, 2}, {n \in Nat : n < 3}, {n * m : n \in 1..2, m \in 1..2}, {<<p, q>> \in {<<1, 2>>} : p = q}>>
Functions == <<[n \in 1..2 |-> n], [n, m \in 1..2, k \in 3..4 |-> n + m + k], [1..2 -> Colours]>>
Applied == <<log[1], Functions[2][1, 2, 3], Functions[1][level]>>
Fact[n \in Nat] == IF n = 0 THEN 1 ELSE n * Fact[n - 1]
Records == [colour |-> "red", size |-> 3]
RecordSets == [colour : Colours, size : 1..3]
Fields == Records.size + Records.size
Words == [[IF |-> 1, new |-> 2] EXCEPT !.IF = 3].IF
Tuples == <<1, <<2>>, <<>>>>
Products == {1} \X {2} \X {3, 4} \cup ({1} \X {2}) \X {3}
Updated == [Records EXCEPT !.size = @ + 1, !.colour = "blue"]
Deep == [f \in 1..2 |-> [g |-> <<1, 2>>]]
DeepUpdated == [Deep EXCEPT ![1].g[2] = [@ EXCEPT ![1] = @ + 1], ![2] = [@ EXCEPT !.g = <<>>]]
Pairs == [<<i, j>> \in (1..2) \X (1..2) |-> i + j]
PairsUpdated == [Pairs EXCEPT ![1, 2] = 0]

Labelled == \A n \in 1..3 : small(n) :: n < Limit
LabelledInside == \A n \in 1..3 : Limit > n + rest(n) :: n * 2
Parts == <<Fields!1, Conditional!2, Quantified!2!(1, 2, 3, 4)!>>, Labelled!small(2)!1, Local!1, Cases!1!2>>
Whole == Halve(4)!:
Logic == ~(level = 1) /\ level # 2 /\ level /= 3 => level = 4 \/ level = 5 <=> TRUE
Negative == -level - (-1)
====
