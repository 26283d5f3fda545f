-------------------------------- MODULE Reach -------------------------------
(* Links of a network go up and down; who reaches whom is found anew by a    *)
(* recursive operator in every state.                                        *)
EXTENDS Naturals, FiniteSets

CONSTANTS Count, LinksMax

VARIABLES links, root

vars == <<links, root>>
Nodes == 1..Count

RECURSIVE Closure(_, _)
Closure(known, edges) ==
  LET more == known \union {e[2] : e \in {f \in edges : f[1] \in known}}
  IN  IF more = known THEN known ELSE Closure(more, edges)

RECURSIVE Sum(_)
Sum(set) == IF set = {} THEN 0
            ELSE LET x == CHOOSE y \in set : TRUE IN x + Sum(set \ {x})

Init == links = {} /\ root = 1

Up(a, b) ==
  /\ a # b /\ <<a, b>> \notin links
  /\ Cardinality(links) < LinksMax
  /\ links' = links \union {<<a, b>>}
  /\ UNCHANGED root

Down(a, b) ==
  /\ <<a, b>> \in links
  /\ root \notin Closure({b}, links)
  /\ links' = links \ {<<a, b>>}
  /\ UNCHANGED root

Move(n) ==
  /\ n # root
  /\ n \in Closure({root}, links)
  /\ root' = n
  /\ UNCHANGED links

Next ==
  \/ \E a, b \in Nodes : Up(a, b) \/ Down(a, b)
  \/ \E n \in Nodes : Move(n)

Spec == Init /\ [][Next]_vars

RootReaches == root \in Closure({root}, links)
SumIsSmall == Sum(Closure({root}, links)) <= Sum(Nodes)
=============================================================================
