-------------------------- MODULE ConfiguredPart --------------------------
LOCAL INSTANCE Naturals

Part == 30
PartTwice(n) == 2 * n + Part
PartNaturals == {n \in 0..4 : n \in Nat}
===========================================================================
