---- MODULE Operators ----
\* Operators a specification defines itself, and how tightly each binds.
CONSTANTS _##_, -._, _^#, a, b, c, d
x ++ y == {x, y}
x -- y == {x} \ {y}
x ** y == {x} \X {y}
x // y == <<x, y>>
x ^^ y == <<y, x>>
x && y == x = y
x || y == x # y
x %% y == x \in y
x @@ y == x \cup y
x :> y == [k \in {x} |-> y]
x <: y == x
x \sqsubseteq y == x \subseteq y
x (+) y == x \cup y
x (-) y == x \ y
x (.) y == x \cap y
x (/) y == x
x (\X) y == y
x \prec y == x \in y
x \bullet y == <<x, y>>
x ... y == {x, y}
x |- y == x => y
x := y == x = y
x ^+ == {x}
x ^* == {{x}}

Sums == a ++ b ++ c -- d
Mixed == a ++ b ** c ^^ d = a @@ b :> c
Postfix == a^+^* ++ b^#
Prefix == -a ++ -b^+
Chain == a = b /\ b = c /\ c = d => a = d
Parentheses == (a /\ b) \/ (c /\ d)
As(F(_, _), G(_)) == F(G(a), b)
Passed == <<As(++, ^+), As(##, -.), As(\cup, SUBSET), As(/\, ~), As(\cap, ^#)>>
Range == a...b \prec {c}
====
