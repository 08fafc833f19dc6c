"""One instance of the compiled policies, with the catalogue loaded."""

import ctypes
import struct
from typing import cast

import orjson
import wasmtime
from opapywasm.abi import OpaAbi
from opapywasm.errors import OpaWasmError
from opapywasm.runtime import WasmtimeRuntimeFactory

from modelward.errors import DecisionUnavailable

_ROOM = 64 * 1024
_LONGEST_QUESTION = 16 * 1024 * 1024

# Each value that crosses into the guest as an argument costs as much as a tenth of a decision. So none does: the
# question's length and the answer's place stand in memory before the question, all else is fixed here.
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
