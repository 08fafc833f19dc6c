"""The policies' Wasm, compiled to machine code once and instantiated many times."""

import asyncio
import ctypes
import math
import os
import struct
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, ClassVar, Self, cast

import orjson
import wasmtime

from modelward.contract import Decision, Explanation, Input, Listing, Reach
from modelward.engine import answer
from modelward.errors import BundleError, DecisionUnavailable

_TICK_SECONDS = 0.1  # each tick takes the interpreter from the event loop for a moment
_NO_END = 1 << 40
_HEAD = struct.Struct("<ii")
_LONGEST_QUESTION = 16 * 1024 * 1024
_LONGEST_TEXT = 64 * 1024
_MOST_PAGES = 16_384
_ENV, _DRIVER = (Path(__file__).with_name(name).read_text() for name in ("env.wat", "driver.wat"))
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "modelward")


class Policies:
    """Policies compiled to machine code; while they are in use a clock bounds their calls. The machine code is kept in
    the folder `cache`, where that is the user's own. Raises BundleError for no Wasm."""

    _in_use: ClassVar[weakref.WeakValueDictionary[bytes, Self]] = weakref.WeakValueDictionary()

    @classmethod
    def of(cls, wasm: bytes) -> Self:
        """Those that engines have already, else new ones. Raises BundleError."""
        policies = cls._in_use.get(wasm)
        if policies is None:
            policies = cls._in_use[wasm] = cls(wasm)
        return policies

    def __init__(self, wasm: bytes, cache: Path = _CACHE) -> None:
        config = wasmtime.Config()
        config.epoch_interruption = True
        _keep_in(cache, config)
        self.engine = wasmtime.Engine(config)
        try:
            self.module = wasmtime.Module(self.engine, wasm)
        except wasmtime.WasmtimeError as error:
            raise BundleError(f"the policies' Wasm cannot be run: {error}") from error
        imported = (each.type for each in self.module.imports)
        self.pages = max((each.limits.min for each in imported if isinstance(each, wasmtime.MemoryType)), default=0)
        self.env, self.driver = (wasmtime.Module(self.engine, text) for text in (_ENV, _DRIVER))
        ended = threading.Event()
        weakref.finalize(self, ended.set)
        threading.Thread(target=_tick, args=(self.engine, ended), daemon=True).start()


def _keep_in(folder: Path, config: wasmtime.Config) -> None:
    """Machine code that others can write is never run: without a folder that only the user can enter all is compiled
    anew. What lies in it has whatever mode the umask gives."""
    try:
        folder = folder.expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if os.name != "posix" or found.st_uid != os.getuid() or found.st_mode & 0o077:
            return
        with NamedTemporaryFile(dir=folder, suffix=".toml") as settings:
            settings.write(b"[cache]\ndirectory = %s\n" % orjson.dumps(str(folder.resolve())))
            settings.flush()
            config.cache = settings.name
    except (OSError, RuntimeError, orjson.JSONEncodeError, wasmtime.WasmtimeError):
        return


def _tick(engine: wasmtime.Engine, ended: threading.Event) -> None:
    while not ended.wait(_TICK_SECONDS):
        engine.increment_epoch()


class Guest:
    """A Wasm instance that answers one question at a time, with one guest call each. Not for several threads at once.

    Its memory, of at most 1 GiB, holds the catalogue, then room for the longest question, then scratch space that every
    call starts anew. `entrypoints` are ids by name; `builtins` the functions that the policies expect from their host.
    Raises DecisionUnavailable where they do not start.
    """

    def __init__(self, policies: Policies, data: bytes, seconds: float) -> None:
        self._store = store = wasmtime.Store(policies.engine)
        store.set_epoch_deadline(_NO_END)
        linker = wasmtime.Linker(policies.engine)
        try:
            self._memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(policies.pages, _MOST_PAGES)))
            linker.define(store, "env", "memory", self._memory)
            env = linker.instantiate(store, policies.env)
            linker.define_instance(store, "env", env)
            linker.define_instance(store, "policies", linker.instantiate(store, policies.module))
            exports = cast(Mapping[str, Any], linker.instantiate(store, policies.driver).exports(store))
            self._ask: wasmtime.Func = exports["ask"]
            self._aborted = cast(wasmtime.Global, env.exports(store)["aborted"])
            if exports["version"].value(store) != 1:
                raise DecisionUnavailable(
                    "the policies do not start: they are compiled for another version of OPA's ABI"
                )
            place = exports["malloc"](store, len(data))
            self._memory.write(store, data, place)
            self._room: int = exports["load"](store, place, len(data), _HEAD.size + _LONGEST_QUESTION)
            self.entrypoints: dict[str, int] = orjson.loads(self._text(exports["entrypoints"](store)))
            self.builtins: dict[str, int] = orjson.loads(self._text(exports["builtins"](store)))
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise DecisionUnavailable(f"the policies do not start: {error}") from error
        self._ticks = math.ceil(seconds / _TICK_SECONDS)

    def ask(self, entrypoint: str, question: bytes) -> Any:
        """The result. Raises DecisionUnavailable when the policies fail, take too long, or leave it undefined; the
        instance is of no use then."""
        if len(question) > _LONGEST_QUESTION:
            raise DecisionUnavailable(f"the question is longer than {_LONGEST_QUESTION} bytes")
        whole = _HEAD.pack(len(question), self.entrypoints[entrypoint]) + question
        try:
            self._store.set_epoch_deadline(self._ticks)
            memory = ctypes.addressof(self._memory.data_ptr(self._store).contents)
            ctypes.memmove(memory + self._room, whole, len(whole))
            self._ask(self._store)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise DecisionUnavailable(f"the policies failed: {self._reason(error)}") from error
        memory = ctypes.addressof(self._memory.data_ptr(self._store).contents)  # it moves when it grows
        size = self._memory.data_len(self._store)
        place, _ = _HEAD.unpack(ctypes.string_at(memory + self._room, _HEAD.size))
        if not 0 < place < size:
            raise DecisionUnavailable("the policies answered from outside their memory")
        text = ctypes.string_at(memory + place)
        if len(text) >= size - place:
            raise DecisionUnavailable("the policies' answer has no end")
        try:
            (row,) = orjson.loads(text)
            return row["result"]
        except (ValueError, TypeError, KeyError):
            raise DecisionUnavailable("the policies leave the decision undefined") from None

    def _text(self, place: int) -> bytes:
        return bytes(self._memory.read(self._store, place, place + _LONGEST_TEXT)).partition(b"\0")[0]

    def _reason(self, error: Exception) -> str:
        if place := self._aborted.value(self._store):
            return self._text(place).decode(errors="replace")
        return str(error).strip().rpartition("\n")[2].strip()


DECISION = "modelward/access/decision"
LISTING = "modelward/listing/listing"
REACH = "modelward/reach/reach"
EXPLANATION = "modelward/explain/explanation"
_DECISION_SECONDS = 0.5
_LISTING_SECONDS = 10.0


class EmbeddedEngine:
    """Decides by `wasm` (policies compiled by OPA) over `data` (a sealed catalogue's).

    Raises BundleError when the Wasm cannot be run, lacks an entrypoint, or calls built-in functions that only an OPA
    server has. Engines of the same policies share what was compiled. Decisions take well under a millisecond and run in
    the event loop; what is asked about many models, and explanations, run in a thread, on an instance of their own.
    """

    def __init__(self, wasm: bytes, data: bytes) -> None:
        self._data = data
        self._policies = Policies.of(wasm)
        self._closed = False
        self._long_turn = threading.Lock()
        self._lister: Guest | None = None
        try:
            self._decider: Guest | None = Guest(self._policies, data, _DECISION_SECONDS)
        except DecisionUnavailable as error:
            raise BundleError(f"the policies' Wasm cannot be run: {error}") from error
        for entrypoint in (DECISION, LISTING, REACH, EXPLANATION):
            if entrypoint not in self._decider.entrypoints:
                raise BundleError(f"the policies' Wasm has no entrypoint `{entrypoint}`; build it again")
        if missing := sorted(self._decider.builtins):
            raise BundleError(
                f"the policies call `{'`, `'.join(missing)}`, which only an OPA server has; "
                "rewrite the rule or use `--engine opa`"
            )

    async def decide(self, asked: Input) -> Decision:
        """The decision on one request. Raises DecisionUnavailable."""
        guest, self._decider = self._decider or self._guest(_DECISION_SECONDS), None
        result = guest.ask(DECISION, answer.question(asked))
        self._decider = guest
        return answer.parsed(Decision, result, asked.request)

    async def list(self, asked: Input) -> Listing:
        """What the caller may see. Raises DecisionUnavailable."""
        result = await asyncio.to_thread(self._ask_long, LISTING, answer.question(asked))
        return answer.parsed(Listing, result, asked.request)

    async def reach(self, asked: Input) -> Reach:
        """Which of the models the caller may call, each asked for alone. Raises DecisionUnavailable."""
        result = await asyncio.to_thread(self._ask_long, REACH, answer.question(asked))
        return answer.parsed(Reach, result, asked.request)

    async def explain(self, asked: Input) -> Explanation:
        """The decision with each rule's part in it. Raises DecisionUnavailable."""
        result = await asyncio.to_thread(self._ask_long, EXPLANATION, answer.question(asked))
        return answer.parsed(Explanation, result, asked.request)

    def close(self) -> None:
        """Frees the engine's memory. What is asked in a thread ends first, and then frees its own."""
        self._closed = True
        self._decider = self._lister = None

    def _ask_long(self, entrypoint: str, question: bytes) -> Any:
        with self._long_turn:
            guest, self._lister = self._lister or self._guest(_LISTING_SECONDS), None
            result = guest.ask(entrypoint, question)
            self._lister = None if self._closed else guest
            return result

    def _guest(self, seconds: float) -> Guest:
        if self._closed:
            raise DecisionUnavailable("the engine is closed: another config came into force")
        return Guest(self._policies, self._data, seconds)
