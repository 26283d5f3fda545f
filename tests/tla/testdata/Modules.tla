Text before the module is not read: ---- not a MODULE ---- (* not a comment
------------------------------ MODULE Modules ------------------------------
(* A comment (* inside a comment *) still a comment. *)
EXTENDS Naturals, ModulesBase
CONSTANT Size
VARIABLE state
LOCAL INSTANCE Sequences
----
ASSUME Size \in Nat
ASSUME SizeIsSmall == Size < 10
AXIOM Size > 0

LOCAL Hidden == Len(<<1>>)
RECURSIVE Even(_), Odd(_)
Even(n) == IF n = 0 THEN TRUE ELSE Odd(n - 1)
Odd(n) == IF n = 0 THEN FALSE ELSE Even(n - 1)

Sum(S) == LET RECURSIVE Add(_)
              Add(R) == IF R = {} THEN 0 ELSE LET e == CHOOSE e1 \in R : TRUE IN e + Add(R \ {e})
          IN Add(S)

---- MODULE Counter ----
CONSTANTS Step(_), Start
VARIABLE value
Begin == value = Start + Offset
Advance(k) == value' = Step(value) + k
====

Plus(n) == n + 1
First == INSTANCE Counter WITH Step <- Plus, Start <- 0, value <- state
Other(Start) == INSTANCE Counter WITH Step <- LAMBDA n : n + Size, value <- state
Use == First!Begin /\ Other(3)!Advance(4) /\ BaseOperator(state)
Inner == LET C == INSTANCE Counter WITH Step <- Plus, Start <- Size, value <- state
         IN C!Advance(1)
value == state + 1
INSTANCE Counter WITH Step <- Plus, Start <- Hidden
UseUnnamed == Begin

THEOREM Use => Use
<1>1. Use
  <2>1. SUFFICES ASSUME NEW k \in Nat PROVE k = k
        BY <1>1 DEF Use
  <2>. DEFINE z == 3
  <2>2. QED OBVIOUS
<1>. QED
  BY <1>1, Use DEF Use
LEMMA Named == ASSUME NEW CONSTANT k, NEW n \in Nat, NEW STATE t, VARIABLE w, k = n
               PROVE n = k
PROOF OMITTED
After == 1
============================================================================
Text after the module is not read: ---- MODULE Second ----
