------------------------- MODULE KelpieLeaseBroken -------------------------
(***************************************************************************)
(* The lease protocol with one mistake at a time.                          *)
(*                                                                         *)
(* Each operator below stands in for the one its comment names; a          *)
(* configuration KelpieLeaseBroken_X.cfg puts it there.  Invariants and    *)
(* properties are those of KelpieLease, untouched.  Where X is one of      *)
(* them, X is violated and all others hold within the bounds of the        *)
(* configuration; where X names a mistake, the README says what it breaks. *)
(***************************************************************************)
EXTENDS KelpieLease

\* For DropMessage: the node keeps a request that it gave up, marked with a status of its own.
MarkLost(n) ==
    /\ \E request \in requests : request.node = n /\ Reply(request, "lost")
    /\ UNCHANGED <<worldVars, nodeVars, storeVars>>

\* For Grantable: a claimer need not have waited for the holder. (Blind take-over.)
GrantToAnybody(request, a) == TRUE

\* For RequestRelease: the belief lives on until the answer comes.
ReleaseButBelieve(n, a) ==
    /\ Believes(n, a)
    /\ Send([kind |-> "release", status |-> "sent", node |-> n,
             incarnation |-> nodeBeliefs[n].incarnation, sentAt |-> Reading(n),
             actor |-> a, token |-> nodeBeliefs[n].tokens[a]])
    /\ UNCHANGED <<worldVars, nodeVars, storeVars>>

\* For RenewSession: whose row it is does not matter, so that a restarted process goes on with
\* the session of its predecessor. (Renewal without ownership.)
RenewAnySession(n) ==
    /\ \E request \in requests :
          /\ Pending(request, "session", n)
          /\ request.version = sessions[n].version
          /\ sessions[n].incarnation > 0
          /\ sessions' = [sessions EXCEPT ![n].version = request.version + 1]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, leases, fencingTokens, writes>>

\* For ClaimerMs: the claimer trusts its clock to run as the holder's does. (No rate margin.)
ClaimerMsWithoutMargin == TtlMs

\* For Waited: a node that has been silent for half its TTL counts as dead. (Heartbeats only.)
Silent(n, m) ==
    /\ observed[n][m].version > 0
    /\ Reading(n) - observed[n][m].at >= TtlMs \div 2

\* For LearnSession: the deadline counts from the reply.
LearnSessionLate(n) ==
    /\ nodeActuallyAlive[n]
    /\ \E request \in requests :
          /\ request.kind = "session" /\ request.status = "done"
          /\ request.node = n /\ request.incarnation = nodeBeliefs[n].incarnation
          /\ LET lapsed == ~SessionLive(n)
             IN nodeBeliefs' = [nodeBeliefs EXCEPT
                    ![n].session = IF request.version + 1 > @ THEN request.version + 1 ELSE @,
                    ![n].deadline = Reading(n) + HolderMs,
                    ![n].since = IF lapsed THEN Reading(n) ELSE @,
                    ![n].tokens = IF lapsed THEN NoTokens ELSE @]
          /\ Settle(request)
    /\ UNCHANGED <<worldVars, observed, storeVars>>

\* For LearnSession: a session that lapsed and was renewed still has its leases.
LearnSessionKeepingLeases(n) ==
    /\ nodeActuallyAlive[n]
    /\ \E request \in requests :
          /\ request.kind = "session" /\ request.status = "done"
          /\ request.node = n /\ request.incarnation = nodeBeliefs[n].incarnation
          /\ LET deadline == request.sentAt + HolderMs
             IN nodeBeliefs' = [nodeBeliefs EXCEPT
                    ![n].session = IF request.version + 1 > @ THEN request.version + 1 ELSE @,
                    ![n].deadline = IF deadline > @ THEN deadline ELSE @]
          /\ Settle(request)
    /\ UNCHANGED <<worldVars, observed, storeVars>>

\* For Unlearned: asking again voids nothing, so that an old grant can be learned after a newer
\* one was released.
NothingUnlearned(n, a) == {}

\* For AcquireLease: the counter is drawn twice.
AcquireSkippingToken(n, a) ==
    /\ \E request \in requests :
          /\ Pending(request, "acquire", n)
          /\ request.actor = a
          /\ request.incarnation = sessions[n].incarnation
          /\ request.token = fencingTokens[a]
          /\ Grantable(request, a)
          /\ leases' = [leases EXCEPT ![a] = [holder |-> n, incarnation |-> request.incarnation, token |-> request.token + 1]]
          /\ fencingTokens' = [fencingTokens EXCEPT ![a] = @ + 2]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, sessions, writes>>

\* For ReleaseLease: the counter goes with the row. (Token reset.)
ReleaseWithCounter(n, a) ==
    /\ \E request \in requests :
          /\ Pending(request, "release", n)
          /\ request.actor = a
          /\ leases[a] = [holder |-> n, incarnation |-> request.incarnation, token |-> request.token]
          /\ leases' = [leases EXCEPT ![a] = Free]
          /\ fencingTokens' = [fencingTokens EXCEPT ![a] = 0]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, sessions, writes>>

\* For CommitWrite: no comparison at all. (No fencing.)
CommitAnyWrite(n, a, token) ==
    /\ \E request \in requests :
          /\ Pending(request, "write", n)
          /\ request.actor = a
          /\ request.token = token
          /\ writes' = [writes EXCEPT ![a] = [token |-> token, version |-> @.version + 1]]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, sessions, leases, fencingTokens>>

\* For CommitWrite: the fence is the last accepted write. A new holder that has not yet written
\* is not protected.
CommitAfterLastWrite(n, a, token) ==
    /\ \E request \in requests :
          /\ Pending(request, "write", n)
          /\ request.actor = a
          /\ request.token = token
          /\ token >= writes[a].token
          /\ writes' = [writes EXCEPT ![a] = [token |-> token, version |-> @.version + 1]]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, sessions, leases, fencingTokens>>

\* For CommitWrite: the first write under a new token starts the versions again.
CommitFromVersionOne(n, a, token) ==
    /\ \E request \in requests :
          /\ Pending(request, "write", n)
          /\ request.actor = a
          /\ request.token = token
          /\ leases[a].holder = n
          /\ token = fencingTokens[a]
          /\ writes' = [writes EXCEPT ![a] =
                [token |-> token, version |-> IF token = @.token THEN @.version + 1 ELSE 1]]
          /\ Reply(request, "done")
    /\ UNCHANGED <<worldVars, nodeVars, sessions, leases, fencingTokens>>

\* For NodeCrash: the row goes with the process, and its versions start again.
CrashWithRow(n) ==
    /\ nodeActuallyAlive[n]
    /\ nodeActuallyAlive' = [nodeActuallyAlive EXCEPT ![n] = FALSE]
    /\ nodeBeliefs' = [nodeBeliefs EXCEPT ![n] = NoBelief(@.incarnation)]
    /\ observed' = [observed EXCEPT ![n] = NothingObserved]
    /\ sessions' = [sessions EXCEPT ![n] = [incarnation |-> 0, version |-> 0]]
    /\ UNCHANGED <<clock, nodeClocks, requests, leases, fencingTokens, writes>>
=============================================================================
