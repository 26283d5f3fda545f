------------------------------- MODULE Subsets ------------------------------
(* Readers and writers take locks on sets of items; groups form and split.   *)
EXTENDS Naturals, FiniteSets

CONSTANTS Clients, Items

VARIABLES
  held,    \* client -> items it holds
  wanted,  \* client -> items it waits for
  groups   \* a partition of the clients that hold something together

vars == <<held, wanted, groups>>

Init ==
  /\ held = [c \in Clients |-> {}]
  /\ wanted = [c \in Clients |-> {}]
  /\ groups = {{c} : c \in Clients}

Taken == UNION {held[c] : c \in Clients}

Want(c) ==
  /\ wanted[c] = {} /\ held[c] = {}
  /\ \E some \in SUBSET Items \ {{}} : wanted' = [wanted EXCEPT ![c] = some]
  /\ UNCHANGED <<held, groups>>

Take(c) ==
  /\ wanted[c] # {}
  /\ wanted[c] \intersect Taken = {}
  /\ held' = [held EXCEPT ![c] = wanted[c]]
  /\ wanted' = [wanted EXCEPT ![c] = {}]
  /\ UNCHANGED groups

Leave(c) ==
  /\ held[c] # {}
  /\ \E some \in SUBSET held[c] : some # {} /\ held' = [held EXCEPT ![c] = @ \ some]
  /\ UNCHANGED <<wanted, groups>>

Join == \E g, h \in groups :
  /\ g # h
  /\ Cardinality(g \union h) <= 2
  /\ groups' = (groups \ {g, h}) \union {g \union h}
  /\ UNCHANGED <<held, wanted>>

Split == \E g \in groups : \E part \in SUBSET g :
  /\ part # {} /\ part # g
  /\ groups' = (groups \ {g}) \union {part, g \ part}
  /\ UNCHANGED <<held, wanted>>

Next == (\E c \in Clients : Want(c) \/ Take(c) \/ Leave(c)) \/ Join \/ Split
Spec == Init /\ [][Next]_vars

Exclusive == \A c, d \in Clients : c # d => held[c] \intersect held[d] = {}
Partition ==
  /\ UNION groups = Clients
  /\ \A g, h \in groups : g # h => g \intersect h = {}
=============================================================================
