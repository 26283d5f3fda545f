---- MODULE error_invariant_fails_to_evaluate ----
EXTENDS Naturals, Sequences
VARIABLE s
Init == s = <<1, 2>>
Next == s' = Tail(s)
Positive == Head(s) > 0
====
