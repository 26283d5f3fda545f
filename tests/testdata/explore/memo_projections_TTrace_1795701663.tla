---- MODULE memo_projections_TTrace_1795701663 ----
EXTENDS Sequences, TLCExt, memo_projections, Toolbox, Naturals, TLC

_expression ==
    LET memo_projections_TEExpression == INSTANCE memo_projections_TEExpression
    IN memo_projections_TEExpression!expression
----

_trace ==
    LET memo_projections_TETrace == INSTANCE memo_projections_TETrace
    IN memo_projections_TETrace!trace
----

_inv ==
    ~(
        TLCGet("level") = Len(_TETrace)
        /\
        a = (3)
        /\
        b = (0)
        /\
        c = (8)
    )
----

_init ==
    /\ a = _TETrace[1].a
    /\ b = _TETrace[1].b
    /\ c = _TETrace[1].c
----

_next ==
    /\ \E i,j \in DOMAIN _TETrace:
        /\ \/ /\ j = i + 1
              /\ i = TLCGet("level")
        /\ a  = _TETrace[i].a
        /\ a' = _TETrace[j].a
        /\ b  = _TETrace[i].b
        /\ b' = _TETrace[j].b
        /\ c  = _TETrace[i].c
        /\ c' = _TETrace[j].c

\* Uncomment the ASSUME below to write the states of the error trace
\* to the given file in Json format. Note that you can pass any tuple
\* to `JsonSerialize`. For example, a sub-sequence of _TETrace.
    \* ASSUME
    \*     LET J == INSTANCE Json
    \*         IN J!JsonSerialize("memo_projections_TTrace_1795701663.json", _TETrace)

=============================================================================

 Note that you can extract this module `memo_projections_TEExpression`
  to a dedicated file to reuse `expression` (the module in the 
  dedicated `memo_projections_TEExpression.tla` file takes precedence 
  over the module `memo_projections_TEExpression` below).

---- MODULE memo_projections_TEExpression ----
EXTENDS Sequences, TLCExt, memo_projections, Toolbox, Naturals, TLC

expression == 
    [
        \* To hide variables of the `memo_projections` spec from the error trace,
        \* remove the variables below.  The trace will be written in the order
        \* of the fields of this record.
        a |-> a
        ,b |-> b
        ,c |-> c
        
        \* Put additional constant-, state-, and action-level expressions here:
        \* ,_stateNumber |-> _TEPosition
        \* ,_aUnchanged |-> a = a'
        
        \* Format the `a` variable as Json value.
        \* ,_aJson |->
        \*     LET J == INSTANCE Json
        \*     IN J!ToJson(a)
        
        \* Lastly, you may build expressions over arbitrary sets of states by
        \* leveraging the _TETrace operator.  For example, this is how to
        \* count the number of times a spec variable changed up to the current
        \* state in the trace.
        \* ,_aModCount |->
        \*     LET F[s \in DOMAIN _TETrace] ==
        \*         IF s = 1 THEN 0
        \*         ELSE IF _TETrace[s].a # _TETrace[s-1].a
        \*             THEN 1 + F[s-1] ELSE F[s-1]
        \*     IN F[_TEPosition - 1]
    ]

=============================================================================



Parsing and semantic processing can take forever if the trace below is long.
 In this case, it is advised to uncomment the module below to deserialize the
 trace from a generated binary file.

\*
\*---- MODULE memo_projections_TETrace ----
\*EXTENDS IOUtils, memo_projections, TLC
\*
\*trace == IODeserialize("memo_projections_TTrace_1795701663.bin", TRUE)
\*
\*=============================================================================
\*

---- MODULE memo_projections_TETrace ----
EXTENDS memo_projections, TLC

trace == 
    <<
    ([a |-> 0,b |-> 0,c |-> 0]),
    ([a |-> 1,b |-> 0,c |-> 0]),
    ([a |-> 2,b |-> 0,c |-> 0]),
    ([a |-> 3,b |-> 0,c |-> 0]),
    ([a |-> 3,b |-> 0,c |-> 1]),
    ([a |-> 3,b |-> 0,c |-> 2]),
    ([a |-> 3,b |-> 0,c |-> 3]),
    ([a |-> 3,b |-> 0,c |-> 4]),
    ([a |-> 3,b |-> 0,c |-> 5]),
    ([a |-> 3,b |-> 0,c |-> 6]),
    ([a |-> 3,b |-> 0,c |-> 7]),
    ([a |-> 3,b |-> 0,c |-> 8])
    >>
----


=============================================================================

---- CONFIG memo_projections_TTrace_1795701663 ----

INVARIANT
    _inv

CHECK_DEADLOCK
    \* CHECK_DEADLOCK off because of PROPERTY or INVARIANT above.
    FALSE

INIT
    _init

NEXT
    _next

CONSTANT
    _TETrace <- _trace

ALIAS
    _expression
=============================================================================
\* Generated on Thu Nov 26 14:01:04 UTC 2026