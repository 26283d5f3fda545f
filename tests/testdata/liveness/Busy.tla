-------------------------------- MODULE Busy --------------------------------
(* What Turns looks like to one who only sees whether the resource is taken. *)
VARIABLE busy

Init == busy = FALSE
Start == ~busy /\ busy' = TRUE
Stop == busy /\ busy' = FALSE
Safe == Init /\ [][Start \/ Stop]_busy
Stops == Safe /\ WF_busy(Stop)
Both == Stops /\ WF_busy(Start)
StartIsPossible == []<>ENABLED <<Start>>_busy
StopIsPossible == []<>(ENABLED Stop)
Moves == []<><<Start \/ Stop>>_busy
=============================================================================
