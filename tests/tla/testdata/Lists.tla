---- MODULE Lists ----
(* Aligned lists: columns, tabs, lists in lists and what ends them. *)
EXTENDS Naturals
CONSTANTS a, b, c, S, F(_, _)
Plain == /\ a
         /\ b
         /\ c
Nested == /\ a
          /\ \/ b
             \/ /\ c
                /\ a
          /\ c
Tabs ==
	/\ a
        /\ \/ b
	   \/ c
	/\ c
InfixInside == /\ a /\ b
               /\ b \/ c
EndsAtBracket == <<(/\ a
                    /\ b), {/\ c}, F(/\ a
                                     /\ b, /\ c)>>
EndsAtKeyword == IF /\ a
                    /\ b THEN /\ c
                              /\ a ELSE \/ b
                                        \/ c
EndsAtArm == CASE /\ a
                  /\ b -> /\ c [] /\ a -> /\ b [] OTHER -> c
EndsLeft ==
   (/\ a
    /\ b)
   \/ c
ThenInfix == /\ a
             /\ b
  => c
LetInside == /\ LET x == /\ a
                         /\ b
                    y == c
                IN /\ x
                   /\ y
             /\ a
Binders == /\ \A x, y \in S : /\ a
                              /\ x = y
           /\ \E x \in S, y \in S : a
           /\ S = {x \in S : /\ a
                             /\ b}
Labelled == /\ one :: a
            /\ two :: b
Wide == /\ "héhé" = "日本" /\ \/ a
                            \/ b
        /\ c
====
