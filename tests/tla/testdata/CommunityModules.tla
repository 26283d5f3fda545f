---- MODULE CommunityModules ----
\* Each operator of the community modules, with arguments of the shapes that it takes.
CONSTANTS a, F(_), G(_, _)

IFolds == INSTANCE Folds
IFunctions == INSTANCE Functions
IFiniteSetsExt == INSTANCE FiniteSetsExt
ISequencesExt == INSTANCE SequencesExt
IBagsExt == INSTANCE BagsExt
IBitwise == INSTANCE Bitwise
ICombinatorics == INSTANCE Combinatorics
IStatistics == INSTANCE Statistics
IDyadicRationals == INSTANCE DyadicRationals
IRelation == INSTANCE Relation
IGraphs == INSTANCE Graphs
IUndirectedGraphs == INSTANCE UndirectedGraphs
IQuorum == INSTANCE Quorum
IVectorClocks == INSTANCE VectorClocks
IIOUtils == INSTANCE IOUtils
ICSV == INSTANCE CSV
IJson == INSTANCE Json
ISVG == INSTANCE SVG
IGraphViz == INSTANCE GraphViz
IShiViz == INSTANCE ShiViz
INaturalsInduction == INSTANCE NaturalsInduction
IWellFoundedInduction == INSTANCE WellFoundedInduction

OfFolds == <<IFolds!MapThenFoldSet(G, a, F, F, a)>>

OfFunctions == <<IFunctions!Restrict(a, a), IFunctions!RestrictDomain(a, F), IFunctions!RestrictValues(a, F),
                 IFunctions!IsRestriction(a, a), IFunctions!Range(a), IFunctions!Pointwise(a, a, G),
                 IFunctions!Inverse(a, a, a), IFunctions!AntiFunction(a), IFunctions!IsInjective(a),
                 IFunctions!Injection(a, a), IFunctions!Surjection(a, a), IFunctions!Bijection(a, a),
                 IFunctions!ExistsInjection(a, a), IFunctions!ExistsSurjection(a, a),
                 IFunctions!ExistsBijection(a, a), IFunctions!FoldFunctionOnSet(G, a, a, a),
                 IFunctions!FoldFunction(G, a, a), IFunctions!SumFunctionOnSet(a, a), IFunctions!SumFunction(a)>>

OfFiniteSetsExt == <<IFiniteSetsExt!FoldSet(G, a, a), IFiniteSetsExt!SumSet(a), IFiniteSetsExt!ProductSet(a),
                     IFiniteSetsExt!ReduceSet(G, a, a), IFiniteSetsExt!MapThenSumSet(F, a),
                     IFiniteSetsExt!FlattenSet(a), IFiniteSetsExt!SymDiff(a, a), IFiniteSetsExt!Quantify(a, F),
                     IFiniteSetsExt!kSubset(a, a), IFiniteSetsExt!Max(a), IFiniteSetsExt!Min(a),
                     IFiniteSetsExt!Choices(a), IFiniteSetsExt!ChooseUnique(a, F)>>

OfSequencesExt == <<ISequencesExt!ToSet(a), ISequencesExt!ToBag(a), ISequencesExt!SetToSeq(a),
                    ISequencesExt!SetToSeqs(a), ISequencesExt!SetToSortSeq(a, G),
                    ISequencesExt!SetToAllKPermutations(a), ISequencesExt!TupleOf(a, a), ISequencesExt!SeqOf(a, a),
                    ISequencesExt!BoundedSeq(a, a), ISequencesExt!Contains(a, a), ISequencesExt!IsSorted(a, G),
                    ISequencesExt!Reverse(a), ISequencesExt!Remove(a, a), ISequencesExt!ReplaceAll(a, a, a),
                    ISequencesExt!SelectInSeq(a, F), ISequencesExt!SelectInSubSeq(a, a, a, F),
                    ISequencesExt!SelectLastInSeq(a, F), ISequencesExt!SelectLastInSubSeq(a, a, a, F),
                    ISequencesExt!InsertAt(a, a, a), ISequencesExt!ReplaceAt(a, a, a), ISequencesExt!RemoveAt(a, a),
                    ISequencesExt!RemoveFirst(a, a), ISequencesExt!RemoveFirstMatch(a, F), ISequencesExt!Cons(a, a),
                    ISequencesExt!Snoc(a, a), ISequencesExt!Front(a), ISequencesExt!Last(a),
                    ISequencesExt!IsPrefix(a, a), ISequencesExt!IsStrictPrefix(a, a), ISequencesExt!IsSuffix(a, a),
                    ISequencesExt!IsStrictSuffix(a, a), ISequencesExt!Prefixes(a), ISequencesExt!CommonPrefixes(a),
                    ISequencesExt!LongestCommonPrefix(a), ISequencesExt!Suffixes(a), ISequencesExt!SeqMod(a, a),
                    ISequencesExt!FoldSeq(G, a, a), ISequencesExt!FoldLeft(G, a, a), ISequencesExt!FoldRight(G, a, a),
                    ISequencesExt!FoldLeftDomain(G, a, a), ISequencesExt!FoldRightDomain(G, a, a),
                    ISequencesExt!FlattenSeq(a), ISequencesExt!Zip(a, a), ISequencesExt!Interleave(a, a),
                    ISequencesExt!SubSeqs(a), ISequencesExt!AllSubSeqs(a), ISequencesExt!IndexFirstSubSeq(a, a),
                    ISequencesExt!ReplaceSubSeqAt(a, a, a, a), ISequencesExt!ReplaceFirstSubSeq(a, a, a),
                    ISequencesExt!ReplaceAllSubSeqs(a, a, a)>>

OfBagsExt == <<IBagsExt!BagAdd(a, a), IBagsExt!BagRemove(a, a), IBagsExt!BagRemoveAll(a, a),
               IBagsExt!MapThenFoldBag(G, a, F, F, a), IBagsExt!FoldBag(G, a, a), IBagsExt!SumBag(a),
               IBagsExt!ProductBag(a)>>

OfBitwise == <<IBitwise!&(a, a), IBitwise!|(a, a), IBitwise!^^(a, a), IBitwise!Not(a), IBitwise!shiftR(a, a)>>

OfCombinatorics == <<ICombinatorics!factorial, ICombinatorics!choose(a, a)>>

OfStatistics == <<IStatistics!ChiSquare(a, a, a)>>

OfDyadicRationals == <<IDyadicRationals!IsDyadicRational(a), IDyadicRationals!Zero, IDyadicRationals!One,
                       IDyadicRationals!Add(a, a), IDyadicRationals!Half(a), IDyadicRationals!PrettyPrint(a)>>

OfRelation == <<IRelation!IsReflexive(a, a), IRelation!IsReflexiveUnder(G, a), IRelation!IsIrreflexive(a, a),
                IRelation!IsIrreflexiveUnder(G, a), IRelation!IsSymmetric(a, a), IRelation!IsSymmetricUnder(G, a),
                IRelation!IsAntiSymmetric(a, a), IRelation!IsAntiSymmetricUnder(G, a), IRelation!IsAsymmetric(a, a),
                IRelation!IsAsymmetricUnder(G, a), IRelation!IsTransitive(a, a), IRelation!IsTransitiveUnder(G, a),
                IRelation!IsStrictlyPartiallyOrdered(a, a), IRelation!IsStrictlyPartiallyOrderedUnder(G, a),
                IRelation!IsPartiallyOrdered(a, a), IRelation!IsPartiallyOrderedUnder(G, a),
                IRelation!IsStrictlyTotallyOrdered(a, a), IRelation!IsStrictlyTotallyOrderedUnder(G, a),
                IRelation!IsTotallyOrdered(a, a), IRelation!IsTotallyOrderedUnder(G, a),
                IRelation!TransitiveClosure(a, a), IRelation!ReflexiveTransitiveClosure(a, a),
                IRelation!IsConnected(a, a)>>

OfGraphs == <<IGraphs!IsDirectedGraph(a), IGraphs!DirectedSubgraph(a), IGraphs!Transpose(a),
              IGraphs!IsUndirectedGraph(a), IGraphs!UndirectedSubgraph(a), IGraphs!Path(a), IGraphs!SimplePath(a),
              IGraphs!AreConnectedIn(a, a, a), IGraphs!IsStronglyConnected(a), IGraphs!ConnectionsIn(a),
              IGraphs!IsTreeWithRoot(a, a), IGraphs!GraphUnion(a, a), IGraphs!IsBipartiteWithPartitions(a, a, a),
              IGraphs!HasCycle(a), IGraphs!IsDag(a), IGraphs!Successors(a, a), IGraphs!AllSuccessors(a, a),
              IGraphs!Predecessors(a, a), IGraphs!AllPredecessors(a, a), IGraphs!Ancestors(a, a),
              IGraphs!Descendants(a, a), IGraphs!InDegree(a, a), IGraphs!OutDegree(a, a), IGraphs!Roots(a),
              IGraphs!Leaves(a), IGraphs!EmptyGraph, IGraphs!Graphs(a)>>

OfUndirectedGraphs == <<IUndirectedGraphs!IsUndirectedGraph(a), IUndirectedGraphs!IsLoopFreeUndirectedGraph(a),
                        IUndirectedGraphs!UndirectedSubgraph(a), IUndirectedGraphs!Path(a),
                        IUndirectedGraphs!SimplePath(a), IUndirectedGraphs!AreConnectedIn(a, a, a),
                        IUndirectedGraphs!ConnectedComponents(a), IUndirectedGraphs!IsStronglyConnected(a),
                        IUndirectedGraphs!UndirectedGraphs(a)>>

OfQuorum == <<IQuorum!QuorumSystem(a)>>

OfVectorClocks == <<IVectorClocks!IsCausalOrder(a, F), IVectorClocks!CausalOrder(a, F, F, F)>>

OfIOUtils == <<IIOUtils!IOSerialize(a, a, a), IIOUtils!IODeserialize(a, a), IIOUtils!Serialize(a, a, a),
               IIOUtils!Deserialize(a, a), IIOUtils!IOExec(a), IIOUtils!IOEnvExec(a, a),
               IIOUtils!IOExecTemplate(a, a), IIOUtils!IOEnvExecTemplate(a, a, a), IIOUtils!IOEnv, IIOUtils!atoi(a),
               IIOUtils!zeroPadN(a, a)>>

OfCSV == <<ICSV!CSVWriteRecord(a, a, a, a), ICSV!CSVWrite(a, a, a), ICSV!CSVRead(a, a, a), ICSV!CSVRecords(a)>>

OfJson == <<IJson!ToJson(a), IJson!ToJsonArray(a), IJson!ToJsonObject(a), IJson!JsonSerialize(a, a),
            IJson!JsonDeserialize(a), IJson!ndJsonSerialize(a, a), IJson!ndJsonDeserialize(a)>>

OfDiagrams == <<IGraphViz!DotDiGraph(a, F, F), IShiViz!Host, IShiViz!Clock, IShiViz!_TEPosition>>

OfSVG == <<ISVG!SVGElem(a, a, a, a), ISVG!Line(a, a, a, a, a), ISVG!Circle(a, a, a, a), ISVG!Rect(a, a, a, a, a),
           ISVG!Text(a, a, a, a), ISVG!Image(a, a, a, a, a, a), ISVG!Group(a, a), ISVG!Svg(a, a),
           ISVG!SVGDoc(a, a, a, a, a, a), ISVG!SVGElemToString(a), ISVG!NodeOfRingNetwork(a, a, a, a, a),
           ISVG!NodesOfDirectedMultiGraph(a, a, a), ISVG!PointOnLine(a, a, a), ISVG!SVGSerialize(a, a, a)>>

OfNaturalsInduction == <<INaturalsInduction!NatInductiveDefHypothesis(a, a, G),
                         INaturalsInduction!NatInductiveDefConclusion(a, a, G),
                         INaturalsInduction!FiniteNatInductiveDefHypothesis(a, a, G, a, a),
                         INaturalsInduction!FiniteNatInductiveDefConclusion(a, a, G, a, a)>>

OfWellFoundedInduction == <<IWellFoundedInduction!IsTransitivelyClosedOn(a, a),
                            IWellFoundedInduction!IsWellFoundedOn(a, a), IWellFoundedInduction!SetLessThan(a, a, a),
                            IWellFoundedInduction!WFDefOn(a, a, G), IWellFoundedInduction!OpDefinesFcn(a, a, G),
                            IWellFoundedInduction!WFInductiveDefines(a, a, G),
                            IWellFoundedInduction!WFInductiveUnique(a, G),
                            IWellFoundedInduction!TransitiveClosureOn(a, a), IWellFoundedInduction!OpToRel(G, a),
                            IWellFoundedInduction!PreImage(F, a, a),
                            IWellFoundedInduction!LexPairOrdering(a, a, a, a),
                            IWellFoundedInduction!LexProductOrdering(a, a, a)>>
====
