---- MODULE pair_functions ----
EXTENDS Naturals
VARIABLE board
D == 0..1
Init == board = [x, y \in D |-> FALSE]
Flip(x, y) == board' = [board EXCEPT ![x, y] = ~@, ![1 - x, y] = ~@]
Next == \E x, y \in D : Flip(x, y)
Even == \A y \in D : board[0, y] = board[1, y]
Keys == DOMAIN board = D \X D
====
