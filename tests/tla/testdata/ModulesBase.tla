---- MODULE ModulesBase ----
EXTENDS Naturals
LOCAL Private == 3
Offset == Private
BaseOperator(n) == n > Offset
====
