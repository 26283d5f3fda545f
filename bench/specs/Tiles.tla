-------------------------------- MODULE Tiles -------------------------------
(* A sliding puzzle on a board of Width times Height.                        *)
EXTENDS Naturals

CONSTANTS Width, Height

VARIABLE board  \* place -> tile; 0 is the hole

Places == (1..Width) \X (1..Height)
Number(p) == (p[2] - 1) * Width + p[1]

Init == board = [p \in Places |-> Number(p) - 1]

IsBeside(p, q) ==
  \/ p[1] = q[1] /\ (p[2] = q[2] + 1 \/ q[2] = p[2] + 1)
  \/ p[2] = q[2] /\ (p[1] = q[1] + 1 \/ q[1] = p[1] + 1)

Slide == \E hole \in Places :
  /\ board[hole] = 0
  /\ \E p \in Places :
       /\ IsBeside(p, hole)
       /\ board' = [board EXCEPT ![hole] = board[p], ![p] = 0]

Spec == Init /\ [][Slide]_board

OneHole == \E p \in Places : board[p] = 0 /\ \A q \in Places \ {p} : board[q] # 0
=============================================================================
