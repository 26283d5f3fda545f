------------------------------- MODULE Ledger -------------------------------
(* Accounts, transfers between them, and a counter of transfers.            *)
EXTENDS Naturals

CONSTANT Accounts

VARIABLES
  rows,   \* account -> [balance, version]
  total   \* transfers so far

vars == <<rows, total>>

Init ==
  /\ rows = [a \in Accounts |-> [balance |-> 100, version |-> 0]]
  /\ total = 0

Transfer(from, to, amount) ==
  /\ from # to
  /\ rows[from].balance >= amount
  /\ rows' = [rows EXCEPT
       ![from] = [balance |-> @.balance - amount, version |-> @.version + 1],
       ![to] = [balance |-> @.balance + amount, version |-> @.version + 1]]
  /\ total' = total + 1

Next == \E from, to \in Accounts, amount \in 1..10 : Transfer(from, to, amount)

Spec == Init /\ [][Next]_vars

NoDebt == \A a \in Accounts : rows[a].balance >= 0

Counted == [][total' = total + 1]_vars
=============================================================================
