---- MODULE if_case_actions ----
EXTENDS Naturals
VARIABLES mode, n
Init == mode = "up" /\ n = 0
Up == n' = n + 1 /\ mode' = IF n = 2 THEN "down" ELSE mode
Down == n' = n - 1 /\ mode' = IF n = 1 THEN "rest" ELSE mode
Next == CASE mode = "up" -> Up
          [] mode = "down" -> IF n > 1 THEN Down ELSE (Down \/ (n' = n /\ mode' = "up"))
          [] OTHER -> UNCHANGED n /\ mode' \in {"up", "rest"}
Bound == n \in 0..3
====
