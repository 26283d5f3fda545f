---- MODULE symmetry_nested ----
\* Names of two symmetric sets at every depth: in sets of records, as arguments of functions, in sequences and in
\* sets of sets; beside parts that no permutation moves.
EXTENDS Naturals, Sequences, FiniteSets, TLC
CONSTANTS Nodes, Keys, None

VARIABLES sent, owner, order, groups

Init == sent = {} /\ owner = [k \in Keys |-> None] /\ order = <<>> /\ groups = {{}}

Send(n, k) ==
    /\ Cardinality(sent) < 2
    /\ sent' = sent \cup {[from |-> n, key |-> k, at |-> Len(order)]}
    /\ UNCHANGED <<owner, order, groups>>
Take(n, k) ==
    /\ \E m \in sent : m.from = n /\ m.key = k /\ sent' = sent \ {m}
    /\ owner' = [owner EXCEPT ![k] = n]
    /\ order' = IF Len(order) < 2 THEN Append(order, <<n, k>>) ELSE <<order[2], <<n, k>>>>
    /\ groups' = {{n2 \in Nodes : \E k2 \in Keys : owner'[k2] = n2}, {}}
Next == \E n \in Nodes, k \in Keys : Send(n, k) \/ Take(n, k)

\* A set of records whose parts are listed, described and named by other definitions.
Places == 0..Cardinality(Nodes)
Message == [from : Nodes, key : Keys, at : Places] \cup [from : {None}, key : {k \in Keys : k # None}, at : Places]
TypeOK == /\ \A m \in sent : m \in Message
          /\ owner \in [Keys -> Nodes \cup {None}]
          /\ groups \subseteq SUBSET Nodes
InOrder == \A i \in 1..Len(order) : order[i] \in Nodes \X Keys
Symmetric == Permutations(Nodes) \cup Permutations(Keys)
Seen == <<owner, Cardinality(sent)>>
====
