"""The config's fallbacks for one call: a target runs only where the same caller's call for it would be allowed (F2)."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace

from modelward.contract import Request
from modelward.errors import DecisionUnavailable, IssuerUnavailable, Refused, StoreUnavailable
from modelward.gateway.exchange import Exchange
from modelward.gateway.failure_kinds import Kind
from modelward.gateway.forward import Call, Withdrawn
from modelward.gateway.freshness import Freshness
from modelward.gateway.judge import Judge, Verdict

UNDECIDED = "decision_unavailable"
_NO_ANSWER = (DecisionUnavailable, IssuerUnavailable, Refused, StoreUnavailable)


@dataclass(frozen=True, slots=True)
class ServerFallbacks:
    """What may be called in place of `call`, once that failed. `request` is what was judged and allowed for it.

    `targets` are model names, in the order to try them.
    """

    judge: Judge
    exchange: Exchange
    request: Request
    call: Call
    targets: Mapping[Kind, Sequence[str]]

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of failure that have targets."""
        return frozenset(self.targets)

    async def calls(self, kind: Kind) -> AsyncGenerator[Call, None]:
        """The targets that may run, each judged when its turn comes, for the caller as it is by then; those that may
        not are noted.

        No decision about one of them (E4), a caller that is none any more, or another config in force, ends them all.
        """
        ran = 0
        for target in self.targets.get(kind, ()):
            try:
                call = await self._allowed(target)
            except _NO_ANSWER:
                self._skipped(target, UNDECIDED)
                return
            if call is not None:
                ran += 1
                attempted = (b"x-litellm-attempted-fallbacks", b"%d" % ran)
                yield replace(call, answer_headers=[*call.answer_headers, attempted])

    async def _allowed(self, target: str) -> Call | None:
        await self.exchange.renew()
        verdict = await self._ask(target)
        if not verdict.decision.allow:
            self._skipped(target, verdict.decision.reasons[0].rule)
            return None
        self.exchange.entry.fell_back(target, verdict.decision)
        fresh = Freshness(self.exchange, lambda: self._ask(target), verdict)
        return replace(
            self.call,
            routed=verdict.target(target).model,
            deployments=verdict.deployments(target),
            before_sending=lambda: self._hold(target, fresh),
        )

    async def _ask(self, target: str) -> Verdict:
        asked = replace(self.request, models=[target], time_ns=self.exchange.time_ns, fallback=True)
        return await self.judge.ask(self.exchange, asked)

    async def _hold(self, target: str, fresh: Freshness) -> None:
        """A `BeforeSending` that leaves the first error to be told. Raises Withdrawn."""
        try:
            await fresh.hold()
        except _NO_ANSWER as error:
            self._skipped(target, UNDECIDED)
            raise Withdrawn(f"a fallback may not run any more: {error}") from error

    def _skipped(self, target: str, rule: str) -> None:
        self.exchange.entry.skipped_fallbacks.append({"model": target, "rule": rule})


def server_fallbacks(
    judge: Judge, exchange: Exchange, request: Request, call: Call, verdict: Verdict
) -> ServerFallbacks | None:
    """The fallbacks that the config names for `call`: for the name asked for, else for its entry, else for `*`.

    `None` if there are none. A target's own fallbacks are not followed.
    """
    config = exchange.snapshot.fallbacks
    own = (call.asked, verdict.target(call.asked).entry, call.routed)
    tables: dict[Kind, Mapping[str, Sequence[str]]] = {
        "general": config.general,
        "context_window": config.context_window,
        "content_policy": config.content_policy,
    }
    targets = {kind: found for kind, table in tables.items() if table and (found := _targets(table, own))}
    return ServerFallbacks(judge, exchange, request, call, targets) if targets else None


def _targets(table: Mapping[str, Sequence[str]], own: tuple[str, str, str]) -> list[str]:
    """Those of the first name that the table holds, each once; a model is not its own fallback."""
    asked, entry, _ = own
    listed = next((table[name] for name in (asked, entry, "*") if name in table), ())
    return [target for target in dict.fromkeys(listed) if target not in own]
