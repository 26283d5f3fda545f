------------------------------- MODULE Switch -------------------------------
(* A lamp that may be switched on and off, and a guest who may leave only while it is lit. *)
EXTENDS Naturals

VARIABLES on, gone

vars == <<on, gone>>
Init == on = FALSE /\ gone = FALSE
Flip == on' = ~on /\ UNCHANGED gone
Leave == on /\ gone' = TRUE /\ UNCHANGED on
Next == ~gone /\ (Flip \/ Leave)

Free == Init /\ [][Next]_vars
WeakFlip == Free /\ WF_vars(~gone /\ Flip)
WeakNext == Free /\ WF_vars(Next)
WeakLeave == WeakFlip /\ WF_vars(~gone /\ Leave)
StrongLeave == WeakFlip /\ SF_vars(~gone /\ Leave)
OnlyStrongLeave == Free /\ SF_vars(~gone /\ Leave)

Gone == <>gone
Lit == <>on
LitAgain == []<>(on \/ gone)
DarkLit == ~on ~> (on \/ gone)
StaysGone == <>[]gone
Settles == <>[](on \/ ~on)
FlipsAlways == []<><<Flip>>_vars
FlipsOnce == <><<Flip>>_vars
NeverFlipsAgain == <>[][~Flip]_vars
IfLitThenGone == ([]<>on) => <>gone
Either == (<>gone) \/ ([]<>on /\ []<>~on)
Both == <>on /\ <>gone
EnabledLeave == []<>(ENABLED (~gone /\ Leave) \/ gone)
WeakAsProperty == WF_vars(~gone /\ Leave)
StrongAsProperty == SF_vars(~gone /\ Leave)
WeakImpliesStrong == WF_vars(~gone /\ Leave) => SF_vars(~gone /\ Leave)
StrongImpliesWeak == SF_vars(~gone /\ Leave) => WF_vars(~gone /\ Leave)
=============================================================================
