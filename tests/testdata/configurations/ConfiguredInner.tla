-------------------------- MODULE ConfiguredInner -------------------------
EXTENDS Naturals

CONSTANT size

Limit == size * 100
Grown(n) == n + Limit
===========================================================================
