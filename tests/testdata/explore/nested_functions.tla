---- MODULE nested_functions ----
EXTENDS Naturals
VARIABLE grid
R == 1..2
Init == grid = [i \in R |-> [j \in R |-> 0]]
Paint(i, j) == grid[i][j] = 0 /\ grid' = [grid EXCEPT ![i][j] = i + j]
Turn == grid' = [i \in R |-> [j \in R |-> grid[j][i]]]
Clear(i) == grid' = [grid EXCEPT ![i] = [j \in DOMAIN @ |-> 0]]
Next == Turn \/ \E i \in R : Clear(i) \/ \E j \in R : Paint(i, j)
Values == grid \in [R -> [R -> {0, 2, 3, 4}]]
====
