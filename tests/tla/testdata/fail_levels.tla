---- MODULE fail_levels ----
EXTENDS Naturals
VARIABLES x, y
ASSUME x = 1
Twice == x''
Next == x' = x + 1
Primed(e) == e'
ThroughParameter == Primed(x) /\ Primed(x')
BareAction == []Next
BareEventually == <>Next
Leads == Next ~> x = 1
Subscript == [Next]_(x')
Fair == WF_(x')(Next)
Nested == ENABLED [](x = 1)
InSet == {[]Next, 1}
====
