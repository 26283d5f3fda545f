---- MODULE StandardModules ----
\* Operators of the standard modules beyond those of Builtins.tla.
EXTENDS Reals, Bags, TLCExt, Toolbox, Randomization, Json
CONSTANTS S, B, C, a, b, e, F(_), G(_, _)

OnReals == <<Real, a / b, Infinity, a + -b>>
OnBags == <<IsABag(B), BagToSet(B), SetToBag(S), BagIn(e, B), EmptyBag, B (+) C, B \oplus C, B (-) C, B \ominus C,
            BagUnion({B, C}), B \sqsubseteq C, SubBag(B), BagOfAll(F, B), BagCardinality(B), CopiesIn(e, B)>>
Asserted == <<AssertEq(a, b), AssertError("text", a), PrintT(a)>>
Registers == <<TLCGetOrDefault(1, 0), TLCGetAndSet(1, G, a, 0), TLCGetAndSet(1, +, a, 0)>>
Traces == <<Trace, CounterExample, ToTrace(CounterExample), _TETrace, _TEPosition>>
Extensions == <<TLCModelValue("m"), TLCDefer(TLCSet(1, a)), TLCNoOp(a), PickSuccessor(a = b), TLCCache(a, <<b>>),
                TLCFP(a), TLCEvalDefinition("OnReals")>>
Chance == <<RandomSubset(1, S), RandomSetOfSubsets(2, 1, S), TestRandomSetOfSubsets(2, 1, S)>>
Files == <<ToJson(a), ToJsonArray(<<a>>), ToJsonObject([k |-> a]), JsonSerialize("f", a), JsonDeserialize("f"),
           ndJsonSerialize("f", <<a>>), ndJsonDeserialize("f")>>
ASSUME TLCSet(1, TLCGet("level"))
====
