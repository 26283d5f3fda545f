---- MODULE error_incomparable ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == IF x = 2 THEN x' = "done" ELSE x' = x + 1
Small == x # 5
====
