"""The embedded engine: OPA's own Wasm, in this process."""

import asyncio
import threading
from typing import Self

import orjson
import wasmtime
from opapywasm.errors import OpaWasmError

from modelward.contract import Decision, Explanation, Input, Listing
from modelward.engine import answer
from modelward.engine.guest import Guest
from modelward.engine.module import Policies
from modelward.errors import BundleError, DecisionUnavailable

DECISION = "modelward/access/decision"
LISTING = "modelward/listing/listing"
EXPLANATION = "modelward/explain/explanation"
_DECISION_SECONDS = 0.5
_LISTING_SECONDS = 10.0


class EmbeddedEngine:
    """Decides by `wasm` (policies compiled by OPA) over `data` (a bundle's data.json).

    Raises BundleError when the Wasm cannot be run, lacks an entrypoint, or calls built-in functions that only an OPA
    server has. `policies` are those of `wasm`, compiled before. Decisions take well under a millisecond and run in the
    event loop; listings ask once for each model and run in a thread, on an instance of their own.
    """

    def __init__(self, wasm: bytes, data: bytes, policies: Policies | None = None) -> None:
        self._wasm = wasm
        self._data = data
        self._policies = policies or Policies(wasm)
        self._closed = False
        try:
            self._decider: Guest | None = self._guest(DECISION, _DECISION_SECONDS)
            self._lister: Guest | None = None
        except DecisionUnavailable as error:
            raise BundleError(f"`policy.wasm` cannot be run: {error}") from error
        except KeyError as error:
            raise BundleError(f"`policy.wasm` has no entrypoint {error}; build it again") from None
        self._listing_lock = threading.Lock()
        _check(self._decider)

    def over(self, wasm: bytes, data: bytes) -> Self:
        """An engine for other data; policies that are the same are not compiled again."""
        return type(self)(wasm, data, self._policies.shared() if wasm == self._wasm else None)

    async def decide(self, asked: Input) -> Decision:
        """The decision on one request. Raises DecisionUnavailable."""
        if self._decider is None:
            self._decider = self._guest(DECISION, _DECISION_SECONDS)
        try:
            result = _result(self._decider.ask(answer.question(asked)))
        except DecisionUnavailable:
            self._decider.close()
            self._decider = None
            raise
        return answer.decision(result, asked.request)

    async def list(self, asked: Input) -> Listing:
        """What the caller may see. Raises DecisionUnavailable."""
        return answer.listing(await asyncio.to_thread(self._list, answer.question(asked)))

    async def explain(self, asked: Input) -> Explanation:
        """The decision with each rule's part in it. Raises DecisionUnavailable."""
        result = await asyncio.to_thread(self._explain, answer.question(asked))
        return answer.explanation(result, asked.request)

    def close(self) -> None:
        """Frees the engine's memory and stops its clock. A listing under way ends first, and frees its own."""
        self._closed = True
        if self._decider is not None:
            self._decider.close()
            self._decider = None
        if self._listing_lock.acquire(blocking=False):
            self._close_lister()
            self._listing_lock.release()
        self._policies.close()

    def _explain(self, question: bytes) -> object:
        guest = self._guest(EXPLANATION, _LISTING_SECONDS)
        try:
            return _result(guest.ask(question))
        finally:
            guest.close()

    def _list(self, question: bytes) -> object:
        with self._listing_lock:
            if self._lister is None:
                self._lister = self._guest(LISTING, _LISTING_SECONDS)
            try:
                return _result(self._lister.ask(question))
            except DecisionUnavailable:
                self._close_lister()
                raise
            finally:
                if self._closed:
                    self._close_lister()

    def _close_lister(self) -> None:
        if self._lister is not None:
            self._lister.close()
            self._lister = None

    def _guest(self, entrypoint: str, seconds: float) -> Guest:
        if self._closed:
            raise DecisionUnavailable("the engine is closed: another config came into force")
        try:
            return Guest(self._policies.factory, self._data, entrypoint, seconds)
        except (OpaWasmError, wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise DecisionUnavailable(f"the policies do not start: {error}") from error


def _check(guest: Guest) -> None:
    for entrypoint in (LISTING, EXPLANATION):
        if entrypoint not in guest.entrypoints():
            raise BundleError(f"`policy.wasm` has no entrypoint `{entrypoint}`; build it again")
    if missing := sorted(guest.builtins()):
        raise BundleError(
            f"the policies call `{'`, `'.join(missing)}`, which only an OPA server has; "
            "rewrite the rule or use `--engine opa`"
        )


def _result(text: bytes) -> object:
    try:
        (row,) = orjson.loads(text)
        return row["result"]
    except (ValueError, TypeError, KeyError):
        raise DecisionUnavailable("the policies leave the decision undefined") from None
