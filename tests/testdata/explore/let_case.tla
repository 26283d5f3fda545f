---- MODULE let_case ----
EXTENDS Naturals
VARIABLES n, kind
Classify(k) == CASE k % 15 = 0 -> "both" [] k % 5 = 0 -> "five" [] k % 3 = 0 -> "three" [] OTHER -> "plain"
Init == n = 1 /\ kind = "plain"
Next == LET m == (n + 7) % 30
            Double(x) == 2 * x
        IN /\ n' = IF Double(m) < 40 THEN m ELSE m - 1
           /\ kind' = Classify(n')
Consistent == kind = Classify(n)
====
