---- MODULE constraint ----
EXTENDS Naturals
VARIABLE x
\* States beyond the constraint are generated and checked, but neither counted nor followed.
Init == x = 0
Next == x' = x + 1 \/ x' = x + 2 \/ x' = 0
Short == x <= 5
Below7 == x < 7
Below8 == x < 8
====
