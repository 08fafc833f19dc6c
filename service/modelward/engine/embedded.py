"""The policies' Wasm, compiled to machine code once and instantiated many times."""

import asyncio
import ctypes
import struct
import threading
from typing import Self, cast

import orjson
import wasmtime
from opapywasm import runtime
from opapywasm.abi import OpaAbi
from opapywasm.errors import OpaWasmError
from opapywasm.runtime import WasmtimeRuntimeFactory

from modelward.contract import Decision, Explanation, Input, Listing
from modelward.engine import answer
from modelward.errors import BundleError, DecisionUnavailable

_FIRST_PAGES = 16
_MOST_PAGES = 16_384


def compiled(wasm: bytes) -> WasmtimeRuntimeFactory:
    """A factory of instances, each with at most 1 GiB of memory. Raises BundleError when this is no OPA policy."""
    try:
        factory = WasmtimeRuntimeFactory(wasm, max_memory_pages=_MOST_PAGES)
    except OpaWasmError as error:
        raise BundleError(f"the policies' Wasm cannot be run: {error}") from error
    # The library begins with two pages, and tries again with more, with a warning: these policies' texts need more.
    runtime._DEFAULT_MEMORY_PAGES = max(_FIRST_PAGES, _pages(factory.module))
    return factory


class Policies:
    """The compiled policies, shared by the engines that use them; the last one to close them ends their clock."""

    def __init__(self, wasm: bytes) -> None:
        self.factory = compiled(wasm)
        self.factory.epoch.ensure_running()
        self._users = 1

    def shared(self) -> "Policies":
        """The same policies, for one more user."""
        self._users += 1
        return self

    def close(self) -> None:
        """One user less."""
        self._users -= 1
        if self._users == 0:
            self.factory.close()


def _pages(module: wasmtime.Module) -> int:
    memories = [each.type for each in module.imports if isinstance(each.type, wasmtime.MemoryType)]
    return max((memory.limits.min for memory in memories), default=0)


_ROOM = 64 * 1024
_LONGEST_QUESTION = 16 * 1024 * 1024

# Each value that crosses into the guest as an argument costs as much as a tenth of a decision. So none does: the
# question's length and the answer's place are in memory before the question, all else is fixed here.
_HEAD = struct.Struct("<ii")
_CALL = """
(module
  (import "policies" "opa_eval" (func $eval (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "policies" "memory" (memory 1))
  (func (export "ask")
    (i32.store (i32.const {place})
      (call $eval (i32.const 0) (i32.const {entrypoint}) (i32.const {data})
        (i32.const {question}) (i32.load (i32.const {length})) (i32.const {scratch}) (i32.const 0)))))
"""


class Guest:
    """A Wasm instance that answers one question at a time, with one guest call each. Not for several threads at once.

    Its memory holds the catalogue, then a buffer for the question, then scratch space that every call starts anew.
    """

    def __init__(self, factory: WasmtimeRuntimeFactory, data: bytes, entrypoint: str, seconds: float) -> None:
        self._runtime = factory.create_runtime()
        self._engine = factory.engine
        self._store, self._memory = self._runtime.store, self._runtime.memory
        self._abi = OpaAbi(self._runtime)
        self._ticks = factory.epoch.deadline_ticks(seconds)
        self._entrypoint = self.entrypoints()[entrypoint]
        self._data = self._load(data)
        self._after_data = self._abi.opa_heap_ptr_get()
        self._make_room(_ROOM)

    def ask(self, question: bytes) -> bytes:
        """The result set, as JSON. Raises DecisionUnavailable when the policies fail or take too long; the instance is
        of no use then."""
        if len(question) > _LONGEST_QUESTION:
            raise DecisionUnavailable(f"the question is longer than {_LONGEST_QUESTION} bytes")
        try:
            self._runtime.set_epoch_deadline(self._ticks)
            if len(question) > self._room:
                self._make_room(len(question))
            ctypes.memmove(
                self._base() + self._buffer, _HEAD.pack(len(question), 0) + question, _HEAD.size + len(question)
            )
            self._call(self._store)
        except (wasmtime.Trap, wasmtime.WasmtimeError, OpaWasmError) as error:
            raise DecisionUnavailable(f"the policies failed: {_summary(error)}") from error
        _, place = _HEAD.unpack(ctypes.string_at(self._base() + self._buffer, _HEAD.size))
        return self._text_at(place)

    def entrypoints(self) -> dict[str, int]:
        """The ids of the entrypoints, by name."""
        return self._names_at(self._abi.entrypoints())

    def builtins(self) -> dict[str, int]:
        """The built-in functions that the policies expect from their host, by name."""
        return self._names_at(self._abi.builtins())

    def close(self) -> None:
        """Frees the instance's memory."""
        self._runtime.close()

    def _load(self, data: bytes) -> int:
        place = self._abi.opa_malloc(len(data))
        self._abi.memory_write(place, data)
        return self._abi.opa_json_parse(place, len(data))

    def _make_room(self, size: int) -> None:
        self._abi.opa_heap_ptr_set(self._after_data)
        self._buffer = self._abi.opa_malloc(_HEAD.size + size)
        text = _CALL.format(
            entrypoint=self._entrypoint,
            data=self._data,
            length=self._buffer,
            place=self._buffer + 4,
            question=self._buffer + _HEAD.size,
            scratch=self._abi.opa_heap_ptr_get(),
        )
        module = wasmtime.Module(self._engine, text)
        call = wasmtime.Instance(self._store, module, [self._runtime.get_func("opa_eval"), self._memory])
        self._call = cast(wasmtime.Func, call.exports(self._store)["ask"])
        self._room = size

    def _base(self) -> int:
        """Where the memory lies now; it moves when it grows."""
        return ctypes.addressof(self._memory.data_ptr(self._store).contents)

    def _names_at(self, place: int) -> dict[str, int]:
        names: dict[str, int] = orjson.loads(self._text_at(self._abi.opa_json_dump(place)))
        return names

    def _text_at(self, place: int) -> bytes:
        size = self._memory.data_len(self._store)
        if not 0 < place < size:
            raise DecisionUnavailable("the policies answered from outside their memory")
        text = ctypes.string_at(self._base() + place)
        if len(text) >= size - place:
            raise DecisionUnavailable("the policies' answer has no end")
        return text


def _summary(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__


DECISION = "modelward/access/decision"
LISTING = "modelward/listing/listing"
EXPLANATION = "modelward/explain/explanation"
_DECISION_SECONDS = 0.5
_LISTING_SECONDS = 10.0


class EmbeddedEngine:
    """Decides by `wasm` (policies compiled by OPA) over `data` (a sealed catalogue's).

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
            raise BundleError(f"the policies' Wasm cannot be run: {error}") from error
        except KeyError as error:
            raise BundleError(f"the policies' Wasm has no entrypoint {error}; build it again") from None
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
            raise BundleError(f"the policies' Wasm has no entrypoint `{entrypoint}`; build it again")
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
