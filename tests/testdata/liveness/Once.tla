-------------------------------- MODULE Once --------------------------------
(* What Message is meant to do: something happens once. *)
VARIABLE done

Init == done = FALSE
Do == ~done /\ done' = TRUE
Safe == Init /\ [][Do]_done
Spec == Safe /\ WF_done(Do)
=============================================================================
