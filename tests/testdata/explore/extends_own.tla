---- MODULE extends_own ----
EXTENDS shared_base
VARIABLE x
LOCAL INSTANCE Sequences
Hidden == 5
Init == x = Hidden - 5
Next == x' = Bump(x) /\ Len(<<x>>) = 1
Type == x \in 0..Bound
====
