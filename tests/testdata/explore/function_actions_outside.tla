--------------------- MODULE function_actions_outside ----------------------
(* A function of actions is applied outside its DOMAIN. *)
EXTENDS Naturals

VARIABLE n

Init == n = 0
Step[i \in 0..1] == n' = n + 1 + i
Next == Step[n]
=============================================================================
