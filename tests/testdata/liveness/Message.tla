------------------------------ MODULE Message -------------------------------
(* A message that a channel may lose, sent again: strong fairness of delivery against weak. *)
EXTENDS Naturals

VARIABLES channel, got, sent

vars == <<channel, got, sent>>
Init == channel = 0 /\ got = FALSE /\ sent = FALSE
Send == ~got /\ channel = 0 /\ channel' = 1 /\ sent' = TRUE /\ UNCHANGED got
Lose == channel = 1 /\ channel' = 0 /\ UNCHANGED <<got, sent>>
Deliver == channel = 1 /\ channel' = 0 /\ got' = TRUE /\ UNCHANGED sent
Next == Send \/ Lose \/ Deliver

Free == Init /\ [][Next]_vars
WeakSend == Free /\ WF_vars(Send)
WeakBoth == WeakSend /\ WF_vars(Deliver)
StrongDeliver == WeakSend /\ SF_vars(Deliver)
StrongAlone == Free /\ SF_vars(Deliver)
WeakLose == WeakBoth /\ WF_vars(Lose)
StrongLose == WeakBoth /\ SF_vars(Lose)

Got == <>got
SentThenGot == sent ~> got
EmptyAgain == []<>(channel = 0)
Quiet == <>[](channel = 0)
SendsForever == []<><<Send>>_vars
LossesEnd == <>[][~Lose]_vars
IfFairThenGot == SF_vars(Deliver) => (sent ~> got)
IfWeakThenGot == WF_vars(Deliver) => (sent ~> got)

Abstract == INSTANCE Once WITH done <- got
Refines == Abstract!Spec
RefinesSafely == Abstract!Safe
=============================================================================
